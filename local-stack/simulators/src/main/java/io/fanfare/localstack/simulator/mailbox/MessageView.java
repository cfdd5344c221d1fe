package io.fanfare.localstack.simulator.mailbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message taken apart for a reader.
 *
 * @param text plain text, or a Telegram message's text or caption
 * @param html present in e-mail that has such a part; shown by the page in a sandbox only
 * @param parseMode of a Telegram text: HTML, MarkdownV2 or Markdown
 * @param media URL or file name of a Telegram message's photo, video or document
 * @param links of the HTML or text, at most 100
 * @param buttons rows of a Telegram message's inline keyboard
 * @param mediaFile an uploaded photo, video or document
 */
record MessageView(
    MessageSummary summary,
    List<HeaderLine> headers,
    @Nullable String text,
    @Nullable String html,
    @Nullable String parseMode,
    @Nullable String media,
    List<String> links,
    List<List<Button>> buttons,
    List<Attachment> attachments,
    @Nullable MediaFile mediaFile) {

  /**
   * @param url where its bytes are
   */
  record MediaFile(String name, String type, String url) {}

  record HeaderLine(String name, String value) {}

  record Button(String text, @Nullable String url, @Nullable String callbackData) {}

  record Attachment(String name, String type, int sizeBytes) {}
}
