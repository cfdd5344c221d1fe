package io.fanfare.broadcast.template;

import io.fanfare.broadcast.template.TemplateReport.Finding;
import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.content.MessageContent.ParseMode;
import io.fanfare.template.CompiledTemplate;
import io.fanfare.template.TemplateEngine;
import io.fanfare.template.TemplateSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads every text of a template as the workers will: channels in, and out come the errors with
 * line and column, the variables used and what looks like a mistake. Changes nothing.
 */
public final class TemplateChecker {

  /** The longest Telegram message (Bot API, sendMessage). */
  static final int TELEGRAM_MESSAGE = 4_096;

  /** The longest caption of a photo, video or document (Bot API, sendPhoto). */
  static final int TELEGRAM_CAPTION = 1_024;

  private static final List<Channel> CHANNELS = List.of(Channel.EMAIL, Channel.TELEGRAM);

  private final TemplateEngine engine;

  public TemplateChecker(TemplateEngine engine) {
    this.engine = engine;
  }

  TemplateReport check(TemplateChannels channels) {
    List<Finding> errors = new ArrayList<>(BodyRules.check(channels));
    if (!errors.isEmpty()) {
      return new TemplateReport(false, errors, List.of(), List.of());
    }
    List<Finding> warnings = new ArrayList<>();
    SortedSet<String> variables = new TreeSet<>();
    for (Channel channel : CHANNELS) {
      MessageContent content = channels.contentOn(channel);
      if (content != null) {
        check("/channels/" + channel, content, errors, variables, warnings);
        if (content instanceof MessageContent.Telegram telegram) {
          telegramWarnings(
              "/channels/telegram/text",
              telegram,
              longest(!channels.mediaOn(channel).isEmpty()),
              warnings);
        }
      }
    }
    return new TemplateReport(errors.isEmpty(), errors, List.copyOf(variables), warnings);
  }

  /** The variables a content uses, sorted. */
  public List<String> variablesOf(MessageContent content) {
    SortedSet<String> variables = new TreeSet<>();
    for (TemplateText text : TemplateText.of(content)) {
      variables.addAll(engine.compile(text.source(), text.escaping()).variables());
    }
    return List.copyOf(variables);
  }

  private void check(
      String at,
      MessageContent content,
      List<Finding> errors,
      SortedSet<String> variables,
      List<Finding> warnings) {
    for (TemplateText text : TemplateText.of(content)) {
      String pointer = at + text.pointer();
      try {
        CompiledTemplate compiled = engine.compile(text.source(), text.escaping());
        variables.addAll(compiled.variables());
        for (String variable : compiled.variables()) {
          if (!KnownVariables.knows(variable)) {
            warnings.add(
                new Finding(pointer, variable + " is not known and will render as nothing"));
          }
        }
      } catch (TemplateSyntaxException e) {
        errors.add(new Finding(pointer, e.line(), e.column(), String.valueOf(e.getMessage())));
      }
    }
  }

  /** The longest text of a Telegram message. */
  static int longest(boolean hasMedia) {
    return hasMedia ? TELEGRAM_CAPTION : TELEGRAM_MESSAGE;
  }

  static String tooLong(int longest) {
    return (longest == TELEGRAM_CAPTION
            ? "Telegram refuses captions of more than "
            : "Telegram refuses messages of more than ")
        + longest
        + " characters";
  }

  private static void telegramWarnings(
      String pointer, MessageContent.Telegram telegram, int longest, List<Finding> warnings) {
    String text = telegram.text();
    if (text.length() > longest) {
      warnings.add(new Finding(pointer, tooLong(longest)));
    }
    if (telegram.parseMode() != ParseMode.HTML) {
      return;
    }
    for (TelegramHtmlCheck.Doubt doubt : TelegramHtmlCheck.check(text)) {
      String before = text.substring(0, doubt.offset());
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      int column = doubt.offset() - before.lastIndexOf('\n');
      warnings.add(new Finding(pointer, line, column, doubt.message()));
    }
  }
}
