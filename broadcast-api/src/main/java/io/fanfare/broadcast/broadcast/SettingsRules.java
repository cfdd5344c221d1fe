package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be seen to be wrong with settings without looking anything up. */
public final class SettingsRules {

  private static final int MAX_VARIABLES = 100;
  private static final int MAX_DEPTH = 5;
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_VALUE_CHARACTERS = 10_000;
  private static final int MAX_CHARACTERS = 100_000;
  private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  private final List<FieldProblem> problems = new ArrayList<>();
  private int values;
  private int characters;

  private SettingsRules() {}

  static List<FieldProblem> check(BroadcastSettings settings) {
    SettingsRules rules = new SettingsRules();
    if (settings.name().isBlank()) {
      rules.problems.add(new FieldProblem("/name", "must not be blank"));
    }
    settings.audience().check(rules.problems);
    rules.channels(settings.channels());
    if (settings.channelMode() == ChannelMode.FALLBACK && settings.channels().size() < 2) {
      rules.problems.add(
          new FieldProblem("/channel_mode", "needs at least two channels to fall back"));
    }
    rules.variables(settings.variables());
    if (settings.sendTime() != null) {
      rules.problems.addAll(settings.sendTime().problems());
    }
    if (settings.abTest() != null && rules.problems.isEmpty()) {
      List<Channel> channels = settings.channels().stream().map(ChannelChoice::channel).toList();
      rules.problems.addAll(AbTestRules.check(settings.abTest(), channels));
    }
    return rules.problems;
  }

  /** What is wrong with variables, wherever they are given. */
  public static List<FieldProblem> checkVariables(Map<String, Object> variables) {
    SettingsRules rules = new SettingsRules();
    rules.variables(variables);
    return rules.problems;
  }

  private void channels(List<ChannelChoice> channels) {
    Set<Channel> seen = new HashSet<>();
    for (int i = 0; i < channels.size(); i++) {
      ChannelChoice choice = channels.get(i);
      String at = "/channels/" + i;
      if (choice == null) {
        problems.add(new FieldProblem(at, "must not be null"));
        continue;
      }
      if (choice.channel() == null) {
        problems.add(new FieldProblem(at + "/channel", "must not be null"));
      } else if (!seen.add(choice.channel())) {
        problems.add(new FieldProblem(at + "/channel", "is given twice"));
      }
      if (choice.accountId() == null) {
        problems.add(new FieldProblem(at + "/account_id", "must not be null"));
      }
    }
  }

  private void variables(Map<String, Object> variables) {
    if (variables.size() > MAX_VARIABLES) {
      problems.add(
          new FieldProblem("/variables", "must hold at most " + MAX_VARIABLES + " variables"));
      return;
    }
    variables.forEach((name, value) -> {
      String at = "/variables/" + name.replace("~", "~0").replace("/", "~1");
      if (!VARIABLE_NAME.matcher(name).matches()) {
        problems.add(new FieldProblem(at, "is no name of letters, digits and underscores"));
      }
      characters += name.length();
      value(at, value, 1);
    });
    if (values > MAX_VALUES || characters > MAX_CHARACTERS) {
      problems.add(
          new FieldProblem(
              "/variables",
              "must hold at most %d values and %d characters"
                  .formatted(MAX_VALUES, MAX_CHARACTERS)));
    }
  }

  private void value(String at, @Nullable Object value, int depth) {
    values++;
    switch (value) {
      case String text -> {
        characters += text.length();
        if (text.length() > MAX_VALUE_CHARACTERS) {
          problems.add(
              new FieldProblem(at, "must have at most " + MAX_VALUE_CHARACTERS + " characters"));
        }
      }
      case List<?> list when depth < MAX_DEPTH ->
          list.forEach(element -> value(at, element, depth + 1));
      case Map<?, ?> map when depth < MAX_DEPTH ->
          map.forEach((key, element) -> {
            characters += String.valueOf(key).length();
            value(at, element, depth + 1);
          });
      case List<?> list -> problems.add(tooDeep(at));
      case Map<?, ?> map -> problems.add(tooDeep(at));
      case null, default -> {}
    }
  }

  private static FieldProblem tooDeep(String at) {
    return new FieldProblem(at, "is nested more than " + MAX_DEPTH + " deep");
  }
}
