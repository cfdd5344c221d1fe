package io.fanfare.dispatch.engagement.telegram;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What bots answer people, as plain text of at most 4,096 characters each; an empty one for no
 * answer.
 *
 * @param linked to {@code /start} from a link that was made for a contact
 * @param started to any other {@code /start}
 * @param stopped to {@code /stop}
 * @param settings to {@code /settings} where there is no preference page
 * @param settingsLink the same where there is one, whose address stands for {@code {link}}
 * @param help to {@code /help}
 * @param unknown to anything else that is no answer to a message
 */
@ConfigurationProperties("fanfare.telegram.texts")
public record AnswerTexts(
    @DefaultValue(
            "You are connected, and our messages come here from now on. Write /stop for no more,"
                + " /settings to choose, /help for help.")
        String linked,
    @DefaultValue(
            "Our messages for you come here. Write /stop for no more, /settings to choose, /help for"
                + " help.")
        String started,
    @DefaultValue("No more messages come here. Write /start to get them again.") String stopped,
    @DefaultValue("Write /stop for no more messages here, /start to get them again.")
        String settings,
    @DefaultValue("Choose what you want to get: {link}") String settingsLink,
    @DefaultValue(
            "/start: get our messages here\n/stop: get no more\n/settings: choose what you want to get")
        String help,
    @DefaultValue("That was not understood. /help says what this bot can do.") String unknown) {

  static final String LINK = "{link}";

  private static final int MOST = 4_096;

  public AnswerTexts {
    for (String text :
        new String[] {linked, started, stopped, settings, settingsLink, help, unknown}) {
      if (text.length() > MOST) {
        throw new IllegalArgumentException("a text has more than " + MOST + " characters");
      }
    }
  }

  /** The answer; empty for none. */
  String of(AnswerPolicy.About about) {
    return switch (about) {
      case LINKED -> linked;
      case STARTED -> started;
      case STOPPED -> stopped;
      case SETTINGS -> settings;
      case HELP -> help;
      case UNKNOWN -> unknown;
    };
  }
}
