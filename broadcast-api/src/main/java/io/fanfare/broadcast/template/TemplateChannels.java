package io.fanfare.broadcast.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.broadcast.media.MediaSource;
import io.fanfare.broadcast.media.PlacedSource;
import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.content.MessageContent.Button;
import io.fanfare.contract.content.MessageContent.ParseMode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a template says on each channel it can be sent on; at least one of them.
 *
 * @param email the e-mail; subject, and HTML or plain text or both
 * @param telegram the Telegram message
 */
public record TemplateChannels(@Nullable EmailBody email, @Nullable TelegramBody telegram) {

  /**
   * An e-mail. Every text is a template.
   *
   * @param subject 1 to 500 characters
   * @param html the HTML body, up to 200,000 characters; values are escaped in it
   * @param text the plain text body, up to 50,000 characters
   * @param media attachments and inline images, up to 10 and 10,000,000 bytes together
   */
  @Schema(name = "EmailBody")
  public record EmailBody(
      @Nullable @Schema(example = "Hello {{ contact.name }}") String subject,
      @Nullable @Schema(example = "<p>Hello {{ contact.name | default('friend') }}</p>")
          String html,
      @Nullable @Schema(example = "Hello {{ contact.name }}") String text,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<MediaSource> media) {

    /** One without files. */
    public EmailBody(@Nullable String subject, @Nullable String html, @Nullable String text) {
      this(subject, html, text, null);
    }
  }

  /**
   * A Telegram message. Every text is a template.
   *
   * @param text 1 to 16,000 characters; at most 4,096 once rendered
   * @param parseMode {@code plain} (the default) or {@code html}, in which values are escaped
   * @param buttons rows of buttons, at most 100 buttons, 8 in a row; each has a {@code text} and
   *     either a {@code url}, which it opens, or {@code data}: the name, 1 to 64 bytes and without
   *     variables, by which its presses are counted
   * @param media a photo, video or document whose caption the text is; then it has at most 1,024
   *     characters once rendered
   */
  @Schema(name = "TelegramBody")
  public record TelegramBody(
      @Nullable @Schema(example = "Hello <b>{{ contact.name }}</b>") String text,
      @Nullable ParseMode parseMode,
      @Nullable List<List<Button>> buttons,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) MediaSource media) {

    /** One of text alone. */
    public TelegramBody(
        @Nullable String text,
        @Nullable ParseMode parseMode,
        @Nullable List<List<Button>> buttons) {
      this(text, parseMode, buttons, null);
    }

    ParseMode parseModeOrPlain() {
      return parseMode == null ? ParseMode.PLAIN : parseMode;
    }

    List<List<Button>> buttonRows() {
      return buttons == null ? List.of() : buttons;
    }
  }

  /** The files that go out on a channel; the content itself is given without them. */
  public List<MediaSource> mediaOn(Channel channel) {
    if (channel.equals(Channel.EMAIL) && email != null && email.media() != null) {
      return email.media();
    }
    return channel.equals(Channel.TELEGRAM) && telegram != null && telegram.media() != null
        ? List.of(telegram.media())
        : List.of();
  }

  /** All files, with a pointer to each. */
  List<PlacedSource> media() {
    List<PlacedSource> placed = new ArrayList<>();
    for (Channel channel : List.of(Channel.EMAIL, Channel.TELEGRAM)) {
      placed.addAll(mediaOn(channel, "/channels/" + channel));
    }
    return placed;
  }

  /**
   * The files that go out on a channel, with a pointer to each.
   *
   * @param at where the content of the channel stands
   */
  public List<PlacedSource> mediaOn(Channel channel, String at) {
    List<PlacedSource> placed = new ArrayList<>();
    for (MediaSource source : mediaOn(channel)) {
      String pointer =
          channel.equals(Channel.EMAIL) ? at + "/media/" + placed.size() : at + "/media";
      placed.add(new PlacedSource(pointer, at, source));
    }
    return placed;
  }

  /** What goes out on a channel; null when the template says nothing there. */
  public @Nullable MessageContent contentOn(Channel channel) {
    if (channel.equals(Channel.EMAIL) && email != null && email.subject() != null) {
      return new MessageContent.Email(email.subject(), email.html(), email.text());
    }
    if (channel.equals(Channel.TELEGRAM) && telegram != null && telegram.text() != null) {
      return new MessageContent.Telegram(
          telegram.text(), telegram.parseModeOrPlain(), telegram.buttonRows());
    }
    return null;
  }
}
