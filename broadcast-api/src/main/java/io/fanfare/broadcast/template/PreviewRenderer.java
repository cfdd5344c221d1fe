package io.fanfare.broadcast.template;

import io.fanfare.broadcast.template.TemplateChannels.EmailBody;
import io.fanfare.broadcast.template.TemplateChannels.TelegramBody;
import io.fanfare.broadcast.template.TemplateReport.Finding;
import io.fanfare.contract.content.MessageContent.Button;
import io.fanfare.contract.content.MessageContent.ParseMode;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import io.fanfare.template.TemplateRenderException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders every text of a template for one contact, exactly as the workers would. */
final class PreviewRenderer {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final TemplateEngine engine;
  private final Map<String, Object> data;
  private final List<FieldProblem> errors = new ArrayList<>();

  PreviewRenderer(
      TemplateEngine engine,
      Map<String, Object> contact,
      Map<String, Object> variables,
      Instant now) {
    this.engine = engine;
    this.data =
        Map.of(
            "contact", contact,
            "broadcast", Map.of("id", "preview", "name", "Preview"),
            "vars", variables,
            "current_date", now.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
            "current_time", TIME.format(LocalTime.ofInstant(now, ZoneOffset.UTC)));
  }

  /**
   * @throws ProblemException 422 with line and column when a text cannot be rendered
   */
  TemplatePreview render(TemplateChannels channels) {
    TemplateChannels rendered =
        new TemplateChannels(email(channels.email()), telegram(channels.telegram()));
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return new TemplatePreview(rendered, warnings(rendered));
  }

  private @Nullable EmailBody email(@Nullable EmailBody email) {
    if (email == null) {
      return null;
    }
    String at = "/channels/email";
    return new EmailBody(
        text(at + "/subject", email.subject(), Escaping.NONE),
        text(at + "/html", email.html(), Escaping.HTML),
        text(at + "/text", email.text(), Escaping.NONE),
        email.media());
  }

  private @Nullable TelegramBody telegram(@Nullable TelegramBody telegram) {
    if (telegram == null) {
      return null;
    }
    String at = "/channels/telegram";
    ParseMode mode = telegram.parseModeOrPlain();
    Escaping escaping = mode == ParseMode.HTML ? Escaping.HTML : Escaping.NONE;
    List<List<Button>> rows = new ArrayList<>();
    for (int row = 0; row < telegram.buttonRows().size(); row++) {
      List<Button> buttons = new ArrayList<>();
      for (Button button : telegram.buttonRows().get(row)) {
        String buttonAt = at + "/buttons/" + row + "/" + buttons.size();
        buttons.add(
            new Button(
                written(buttonAt + "/text", button.text(), Escaping.NONE),
                text(buttonAt + "/url", button.url(), Escaping.NONE),
                button.data()));
      }
      rows.add(buttons);
    }
    return new TelegramBody(
        text(at + "/text", telegram.text(), escaping), mode, rows, telegram.media());
  }

  private @Nullable String text(String pointer, @Nullable String source, Escaping escaping) {
    return source == null ? null : written(pointer, source, escaping);
  }

  private String written(String pointer, String source, Escaping escaping) {
    try {
      return engine.compile(source, escaping).render(data);
    } catch (TemplateRenderException e) {
      errors.add(new FieldProblem(pointer, String.valueOf(e.getMessage()), e.line(), e.column()));
      return "";
    }
  }

  private static List<Finding> warnings(TemplateChannels rendered) {
    TelegramBody telegram = rendered.telegram();
    if (telegram == null || telegram.text() == null) {
      return List.of();
    }
    String pointer = "/channels/telegram/text";
    List<Finding> warnings = new ArrayList<>();
    int longest = TemplateChecker.longest(telegram.media() != null);
    if (telegram.text().length() > longest) {
      warnings.add(new Finding(pointer, TemplateChecker.tooLong(longest)));
    }
    if (telegram.parseModeOrPlain() == ParseMode.HTML) {
      TelegramHtmlCheck.check(telegram.text())
          .forEach(doubt -> warnings.add(new Finding(pointer, doubt.message())));
    }
    return warnings;
  }
}
