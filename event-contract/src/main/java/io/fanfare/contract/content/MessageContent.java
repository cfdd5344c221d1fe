package io.fanfare.contract.content;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a template for one channel. Every text in it is a template. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "channel")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MessageContent.Email.class, name = "email"),
  @JsonSubTypes.Type(value = MessageContent.Telegram.class, name = "telegram")
})
public sealed interface MessageContent {

  /**
   * An e-mail; at least one of {@code html} and {@code text} is there.
   *
   * @param subject the subject line
   * @param html the HTML body; variables are escaped
   * @param text the plain text body
   * @param media attachments and inline images
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Email(
      String subject,
      @Nullable String html,
      @Nullable String text,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Media> media)
      implements MessageContent {

    public Email {
      media = media == null ? List.of() : media;
    }

    /** One without files. */
    public Email(String subject, @Nullable String html, @Nullable String text) {
      this(subject, html, text, List.of());
    }
  }

  /**
   * A Telegram message.
   *
   * @param text the text; at most 4096 characters once rendered (Bot API, sendMessage)
   * @param parseMode how Telegram reads the text
   * @param buttons rows of inline buttons, from top to bottom; empty for none
   * @param media what the text is the caption of, at most 1024 characters once rendered (Bot API,
   *     sendPhoto); null for a message of text alone
   */
  record Telegram(
      String text,
      ParseMode parseMode,
      List<List<Button>> buttons,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Media media)
      implements MessageContent {

    public Telegram {
      buttons = buttons == null ? List.of() : buttons;
      parseMode = parseMode == null ? ParseMode.PLAIN : parseMode;
    }

    /** One of text alone. */
    public Telegram(String text, ParseMode parseMode, List<List<Button>> buttons) {
      this(text, parseMode, buttons, null);
    }
  }

  /** The files that go with it. */
  default List<Media> files() {
    return switch (this) {
      case Email email -> email.media();
      case Telegram telegram -> telegram.media() == null ? List.of() : List.of(telegram.media());
    };
  }

  /** How Telegram reads a text. */
  enum ParseMode {
    @JsonProperty("plain")
    PLAIN,
    @JsonProperty("html")
    HTML
  }

  /**
   * An inline button, which either opens a link or tells the bot that it was pressed.
   *
   * @param text its label, a template
   * @param url what it opens, a template; http, https or tg once rendered; null when it opens
   *     nothing
   * @param data what a press tells, the same for every recipient: 1 to {@value #MOST_DATA_BYTES}
   *     bytes of UTF-8 (Bot API, InlineKeyboardButton); null when it opens a link. Whose press it
   *     is says the message that is pressed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Button(String text, @Nullable String url, @Nullable String data) {

    /** The longest data, in bytes. */
    public static final int MOST_DATA_BYTES = 64;

    /** One that opens a link. */
    public Button(String text, @Nullable String url) {
      this(text, url, null);
    }
  }
}
