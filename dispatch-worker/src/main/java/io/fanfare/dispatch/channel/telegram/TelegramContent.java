package io.fanfare.dispatch.channel.telegram;

import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.template.CompiledTemplate;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import io.fanfare.template.TemplateRenderException;
import io.fanfare.template.TemplateSyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.send.SendMediaBotMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.send.SendPhoto;
import org.telegram.telegrambots.meta.api.methods.send.SendVideo;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;

/** A Telegram content ready for rendering; gives the request for one chat. */
final class TelegramContent implements CompiledContent {

  /** A message that cannot be sent to anybody as it is rendered; carries why. */
  static final class Unsendable extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Cause cause;

    Unsendable(String code, String detail) {
      super(detail, null, false, false);
      cause = new Cause(code, detail, null);
    }

    Cause why() {
      return cause;
    }
  }

  /**
   * The file that goes with every message.
   *
   * @param bytes never changed
   */
  record File(Media media, byte[] bytes) {}

  /**
   * A button.
   *
   * @param url what it opens; null when it tells {@code data} instead
   */
  private record ButtonTemplate(
      CompiledTemplate text, @Nullable CompiledTemplate url, @Nullable String data) {}

  private static final Pattern CHAT = Pattern.compile("-?\\d{1,19}|@\\w{4,32}");
  private static final Pattern LINK = Pattern.compile("(?i)(?:https?|tg)://\\S+");

  private final CompiledTemplate text;
  private final boolean html;
  private final List<List<ButtonTemplate>> buttons;
  private final TrackedContent tracked;
  private final @Nullable File file;

  private TelegramContent(
      MessageContent.Telegram content,
      TrackedContent tracked,
      TemplateEngine engine,
      @Nullable File file) {
    this.tracked = tracked;
    this.file = file;
    html = content.parseMode() == MessageContent.ParseMode.HTML;
    text = engine.compile(content.text(), html ? Escaping.HTML : Escaping.NONE);
    List<List<ButtonTemplate>> rows = new ArrayList<>();
    for (List<MessageContent.Button> row : content.buttons()) {
      rows.add(row.stream().map(button -> button(button, engine)).toList());
    }
    buttons = List.copyOf(rows);
  }

  private static ButtonTemplate button(MessageContent.Button button, TemplateEngine engine) {
    String url = button.url();
    return new ButtonTemplate(
        engine.compile(button.text(), Escaping.NONE),
        url == null ? null : engine.compile(url, Escaping.NONE),
        button.data());
  }

  /**
   * Compiles a content.
   *
   * @param files the bytes of its file, if it has one
   * @throws ContentRefused when a template of it is wrong
   */
  static TelegramContent compile(
      TrackedContent tracked, TemplateEngine engine, List<byte[]> files) {
    if (!(tracked.content() instanceof MessageContent.Telegram content)) {
      throw new ContentRefused("the content is no Telegram message");
    }
    try {
      Media media = content.media();
      return new TelegramContent(
          content, tracked, engine, media == null ? null : new File(media, files.getFirst()));
    } catch (TemplateSyntaxException wrong) {
      throw new ContentRefused(
          "line " + wrong.line() + ", column " + wrong.column() + ": " + wrong.getMessage(), wrong);
    }
  }

  /** The file that goes with each message, whose text is then its caption; null for none. */
  @Nullable File file() {
    return file;
  }

  @Override
  public int fileBytes() {
    return file == null ? 0 : file.bytes().length;
  }

  /** What a message says to one chat. */
  private record Said(String chat, String text, @Nullable InlineKeyboardMarkup keyboard) {}

  /**
   * Makes the request for one chat that gets a text alone.
   *
   * @param paidBroadcast it may go beyond the free messages a second
   * @throws Unsendable when it does not render, is empty or too long, or a button leads nowhere
   */
  SendMessage request(PreparedMessage prepared, boolean paidBroadcast, Instant now)
      throws Unsendable {
    Said said = said(prepared, now, TelegramText.MAX_LENGTH);
    var request = SendMessage.builder().chatId(said.chat()).text(said.text());
    if (paidBroadcast) {
      request.allowPaidBroadcast(true);
    }
    if (html) {
      request.parseMode("HTML");
    }
    if (said.keyboard() != null) {
      request.replyMarkup(said.keyboard());
    }
    return request.build();
  }

  /**
   * The same for one that gets the {@link #file}.
   *
   * @param input the file itself, or the id it has
   */
  SendMediaBotMethod<Message> request(
      PreparedMessage prepared,
      boolean paidBroadcast,
      Instant now,
      Media.Kind kind,
      InputFile input)
      throws Unsendable {
    Said said = said(prepared, now, TelegramText.MAX_CAPTION);
    String mode = html ? "HTML" : null;
    Boolean paid = paidBroadcast ? true : null;
    return switch (kind) {
      case PHOTO -> {
        SendPhoto photo = new SendPhoto(said.chat(), input);
        photo.setCaption(said.text());
        photo.setParseMode(mode);
        photo.setReplyMarkup(said.keyboard());
        photo.setAllowPaidBroadcast(paid);
        yield photo;
      }
      case VIDEO -> {
        SendVideo video = new SendVideo(said.chat(), input);
        video.setCaption(said.text());
        video.setParseMode(mode);
        video.setReplyMarkup(said.keyboard());
        video.setAllowPaidBroadcast(paid);
        yield video;
      }
      case DOCUMENT -> {
        SendDocument document = new SendDocument(said.chat(), input);
        document.setCaption(said.text());
        document.setParseMode(mode);
        document.setReplyMarkup(said.keyboard());
        document.setAllowPaidBroadcast(paid);
        yield document;
      }
      case ATTACHMENT, INLINE ->
          throw new Unsendable("media_invalid", "an e-mail's file cannot go with a chat message");
    };
  }

  private Said said(PreparedMessage prepared, Instant now, int most) throws Unsendable {
    if (!CHAT.matcher(prepared.address()).matches()) {
      throw new Unsendable("invalid_address", "the address is no chat id");
    }
    try {
      PreparedMessage message = tracked.prepared(prepared, now);
      TelegramText rendered = new TelegramText(text.render(message.data()), html);
      int length = rendered.countedLength(most);
      if (length == 0 && file == null) {
        throw new Unsendable("text_empty", "the text is empty once rendered");
      }
      if (length > most) {
        throw new Unsendable(
            "text_too_long", "the text has " + length + " characters, " + most + " are allowed");
      }
      return new Said(
          message.address(), rendered.text(), buttons.isEmpty() ? null : keyboard(message.data()));
    } catch (TemplateRenderException failed) {
      String detail = failed.getMessage();
      throw new Unsendable("render_failed", detail == null ? "not rendered" : detail);
    }
  }

  private InlineKeyboardMarkup keyboard(Map<String, Object> data) throws Unsendable {
    List<InlineKeyboardRow> rows = new ArrayList<>();
    for (List<ButtonTemplate> row : buttons) {
      InlineKeyboardRow rendered = new InlineKeyboardRow();
      for (ButtonTemplate button : row) {
        rendered.add(button(button, data));
      }
      rows.add(rendered);
    }
    return InlineKeyboardMarkup.builder().keyboard(rows).build();
  }

  /** What a press tells names no recipient: chat and number of the pressed message do. */
  private static InlineKeyboardButton button(ButtonTemplate button, Map<String, Object> data)
      throws Unsendable {
    String label = button.text().render(data).strip();
    CompiledTemplate target = button.url();
    String url = target == null ? null : target.render(data).strip();
    if (label.isEmpty() || (url == null ? button.data() == null : !LINK.matcher(url).matches())) {
      throw new Unsendable("button_invalid", "a button has no label or no http, https or tg link");
    }
    var built = InlineKeyboardButton.builder().text(label);
    return url == null ? built.callbackData(button.data()).build() : built.url(url).build();
  }
}
