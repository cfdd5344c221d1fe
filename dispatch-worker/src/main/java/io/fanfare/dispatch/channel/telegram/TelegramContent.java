package io.fanfare.dispatch.channel.telegram;

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
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
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

  private TelegramContent(
      MessageContent.Telegram content, TrackedContent tracked, TemplateEngine engine) {
    this.tracked = tracked;
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
   * @throws ContentRefused when a template of it is wrong
   */
  static TelegramContent compile(TrackedContent tracked, TemplateEngine engine) {
    if (!(tracked.content() instanceof MessageContent.Telegram content)) {
      throw new ContentRefused("the content is no Telegram message");
    }
    try {
      return new TelegramContent(content, tracked, engine);
    } catch (TemplateSyntaxException wrong) {
      throw new ContentRefused(
          "line " + wrong.line() + ", column " + wrong.column() + ": " + wrong.getMessage(), wrong);
    }
  }

  /**
   * Makes the request for one chat.
   *
   * @param paidBroadcast it may go beyond the free messages a second
   * @throws Unsendable when it does not render, is empty or too long, or a button leads nowhere
   */
  SendMessage request(PreparedMessage prepared, boolean paidBroadcast, Instant now)
      throws Unsendable {
    if (!CHAT.matcher(prepared.address()).matches()) {
      throw new Unsendable("invalid_address", "the address is no chat id");
    }
    try {
      PreparedMessage message = tracked.prepared(prepared, now);
      TelegramText rendered = new TelegramText(text.render(message.data()), html);
      int length = rendered.countedLength();
      if (length == 0) {
        throw new Unsendable("text_empty", "the text is empty once rendered");
      }
      if (length > TelegramText.MAX_LENGTH) {
        throw new Unsendable(
            "text_too_long", "the text has " + length + " characters, 4096 are allowed");
      }
      var request = SendMessage.builder().chatId(message.address()).text(rendered.text());
      if (paidBroadcast) {
        request.allowPaidBroadcast(true);
      }
      if (html) {
        request.parseMode("HTML");
      }
      if (!buttons.isEmpty()) {
        request.replyMarkup(keyboard(message.data()));
      }
      return request.build();
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
