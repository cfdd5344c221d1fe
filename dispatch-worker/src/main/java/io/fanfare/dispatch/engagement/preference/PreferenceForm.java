package io.fanfare.dispatch.engagement.preference;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactPreference.Choice;
import io.fanfare.dispatch.engagement.preference.ContactChoices.OfCategory;
import io.fanfare.dispatch.engagement.preference.ContactChoices.OfChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/**
 * The form on which a contact chooses, and what comes back of it. Beside each choice stands what it
 * was, so that only what somebody changed is told.
 */
final class PreferenceForm {

  /** Choices of one form; a tenant has fewer. */
  static final int MOST_CHOICES = 50;

  private static final String SEEN = "seen";
  private static final String WAS = "was.";
  private static final String EVERYTHING = "everything";
  private static final String CHANNEL = "channel.";
  private static final String CATEGORY = "category.";
  private static final String RECEIVE = "receive";
  private static final String STOP = "stop";
  private static final Pattern CATEGORY_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,49}");

  /**
   * What somebody chose.
   *
   * @param seen what the page knew of
   * @param choices what was changed
   */
  record Chosen(long seen, List<Choice> choices) {}

  private PreferenceForm() {}

  /** The form as HTML; it is sent to where it came from. */
  static String html(ContactChoices now) {
    StringBuilder html = new StringBuilder("<h1>What we send you</h1><form method=\"post\">");
    html.append("<input type=\"hidden\" name=\"seen\" value=\"").append(now.seen()).append("\">");
    for (OfCategory category : now.categories()) {
      if (category.mandatory() && !category.stopped()) {
        html.append("<fieldset><legend>").append(escaped(category.title())).append("</legend>");
        describe(category.description(), html);
        html.append("<p class=\"note\">These cannot be stopped alone.</p></fieldset>");
      } else {
        choice(
            CATEGORY + category.name(),
            category.title(),
            category.description(),
            category.stopped(),
            html);
      }
    }
    for (OfChannel channel : now.channels()) {
      choice(
          CHANNEL + channel.channel(),
          "By " + nameOf(channel.channel()),
          null,
          channel.stopped(),
          html);
    }
    choice(
        EVERYTHING,
        "Everything",
        "To stop everything stops all messages, whatever is chosen above.",
        now.stopped(),
        html);
    return html.append("<button>Save</button></form>").toString();
  }

  private static void choice(
      String name, String title, @Nullable String note, boolean stopped, StringBuilder html) {
    html.append("<fieldset><legend>").append(escaped(title)).append("</legend>");
    describe(note, html);
    html.append("<input type=\"hidden\" name=\"was.")
        .append(name)
        .append("\" value=\"")
        .append(stopped ? STOP : RECEIVE)
        .append("\">");
    option(name, RECEIVE, "Receive", !stopped, html);
    option(name, STOP, "Stop", stopped, html);
    html.append("</fieldset>");
  }

  private static void option(
      String name, String value, String label, boolean checked, StringBuilder html) {
    html.append("<label><input type=\"radio\" name=\"")
        .append(name)
        .append("\" value=\"")
        .append(value)
        .append('"')
        .append(checked ? " checked" : "")
        .append("> ")
        .append(label)
        .append("</label>");
  }

  private static void describe(@Nullable String note, StringBuilder html) {
    if (note != null) {
      html.append("<p class=\"note\">").append(escaped(note)).append("</p>");
    }
  }

  private static String nameOf(String channel) {
    return channel.equals(Channel.EMAIL.name())
        ? "e-mail"
        : channel.equals(Channel.TELEGRAM.name()) ? "Telegram" : channel;
  }

  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(text, "UTF-8");
  }

  /** What a form that was sent says, in a fixed order; nothing when it is none of ours. */
  static Optional<Chosen> read(Map<String, String> fields) {
    long seen;
    try {
      seen = Long.parseLong(fields.getOrDefault(SEEN, ""));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    List<Choice> choices = new ArrayList<>();
    for (String name : new TreeSet<>(fields.keySet())) {
      if (name.equals(SEEN) || name.startsWith(WAS)) {
        continue;
      }
      String value = fields.getOrDefault(name, "");
      Choice choice =
          value.equals(RECEIVE) || value.equals(STOP) ? choice(name, value.equals(RECEIVE)) : null;
      if (choice == null || choices.size() == MOST_CHOICES) {
        return Optional.empty();
      }
      if (!value.equals(fields.get(WAS + name))) {
        choices.add(choice);
      }
    }
    return Optional.of(new Chosen(seen, choices));
  }

  private static @Nullable Choice choice(String name, boolean receive) {
    if (name.equals(EVERYTHING)) {
      return new Choice(null, null, receive);
    }
    if (name.startsWith(CATEGORY)) {
      String category = name.substring(CATEGORY.length());
      return CATEGORY_NAME.matcher(category).matches() ? new Choice(null, category, receive) : null;
    }
    for (Channel channel : List.of(Channel.EMAIL, Channel.TELEGRAM)) {
      if (name.equals(CHANNEL + channel.name())) {
        return new Choice(channel, null, receive);
      }
    }
    return null;
  }
}
