package io.fanfare.broadcast.template;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.content.MessageContent.Button;
import io.fanfare.contract.content.MessageContent.ParseMode;
import io.fanfare.template.Escaping;
import java.util.ArrayList;
import java.util.List;

/**
 * One text of a channel's content.
 *
 * @param pointer where it stands, below the channel: {@code /subject}, {@code /buttons/0/1/url}
 * @param source the text
 * @param escaping how values are written into it
 */
public record TemplateText(String pointer, String source, Escaping escaping) {

  /** Every text of a content, in reading order. */
  public static List<TemplateText> of(MessageContent content) {
    return switch (content) {
      case MessageContent.Email email -> ofEmail(email);
      case MessageContent.Telegram telegram -> ofTelegram(telegram);
    };
  }

  private static List<TemplateText> ofEmail(MessageContent.Email email) {
    List<TemplateText> texts = new ArrayList<>();
    texts.add(new TemplateText("/subject", email.subject(), Escaping.NONE));
    if (email.html() != null) {
      texts.add(new TemplateText("/html", email.html(), Escaping.HTML));
    }
    if (email.text() != null) {
      texts.add(new TemplateText("/text", email.text(), Escaping.NONE));
    }
    return texts;
  }

  private static List<TemplateText> ofTelegram(MessageContent.Telegram telegram) {
    List<TemplateText> texts = new ArrayList<>();
    Escaping escaping = telegram.parseMode() == ParseMode.HTML ? Escaping.HTML : Escaping.NONE;
    texts.add(new TemplateText("/text", telegram.text(), escaping));
    for (int row = 0; row < telegram.buttons().size(); row++) {
      List<Button> buttons = telegram.buttons().get(row);
      for (int i = 0; i < buttons.size(); i++) {
        String pointer = "/buttons/" + row + "/" + i;
        texts.add(new TemplateText(pointer + "/text", buttons.get(i).text(), Escaping.NONE));
        String url = buttons.get(i).url();
        if (url != null) {
          texts.add(new TemplateText(pointer + "/url", url, Escaping.NONE));
        }
      }
    }
    return texts;
  }
}
