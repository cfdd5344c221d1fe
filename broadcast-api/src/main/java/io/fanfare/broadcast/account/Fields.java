package io.fanfare.broadcast.account;

import io.fanfare.contract.account.DomainLimits;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.JsonPointers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a free-form object, and notes with its pointer each that is wrong. */
final class Fields {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_DOMAINS = 100;

  private final String pointer;
  private final Map<String, @Nullable Object> values;
  private final List<FieldProblem> problems;

  Fields(String pointer, Map<String, @Nullable Object> values, List<FieldProblem> problems) {
    this.pointer = pointer;
    this.values = values;
    this.problems = problems;
  }

  /** Refuses every field but these: a misspelt one would be lost in silence. */
  void only(Set<String> known) {
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .forEach(name -> wrong(name, "is not a field of this channel"));
  }

  /** The text of a field; empty, with a problem noted, when it is missing or wrong. */
  String required(String name, Pattern form, String otherwise) {
    if (values.get(name) == null) {
      wrong(name, "is missing");
      return "";
    }
    String value = optional(name, form, otherwise);
    return value == null ? "" : value;
  }

  /** The text of a field; null when it is missing or, with a problem noted, wrong. */
  @Nullable String optional(String name, Pattern form, String otherwise) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof String text && form.matcher(text).matches()) {
      return text;
    }
    wrong(name, otherwise);
    return null;
  }

  /** True or false, as a boolean or its text; false when it is missing. */
  boolean flag(String name) {
    Object value = values.get(name);
    if (value == null || value.equals(false) || value.equals("false")) {
      return false;
    }
    if (!value.equals(true) && !value.equals("true")) {
      wrong(name, "is true or false");
    }
    return true;
  }

  /** A port number as text. */
  String port(String name, int byDefault) {
    Object value = values.get(name);
    if (value == null) {
      return Integer.toString(byDefault);
    }
    if (value instanceof Integer port && port >= 1 && port <= MAX_PORT) {
      return Integer.toString(port);
    }
    wrong(name, "is a number from 1 to " + MAX_PORT);
    return Integer.toString(byDefault);
  }

  /**
   * Messages a second by mail domain, as the text of {@link DomainLimits}; null when it is missing.
   */
  @Nullable String domainLimits(String name, int max) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> limits) || limits.size() > MAX_DOMAINS) {
      wrong(name, "is an object of up to " + MAX_DOMAINS + " domains and messages a second");
      return null;
    }
    Map<String, Integer> kept = new TreeMap<>();
    Fields inner = new Fields(pointer + "/" + name, Map.of(), problems);
    limits.forEach((key, limit) -> {
      String domain = String.valueOf(key).toLowerCase(Locale.ROOT);
      if (!domain.equals(DomainLimits.OTHERS)
          && !AccountPatterns.DOMAIN.matcher(domain).matches()) {
        inner.wrong(String.valueOf(key), "is no mail domain; * stands for every other one");
      } else if (!(limit instanceof Integer number) || number < 1 || number > max) {
        inner.wrong(String.valueOf(key), "is a number from 1 to " + max);
      } else {
        kept.put(domain, number);
      }
    });
    return kept.isEmpty() ? null : new DomainLimits(kept).toText();
  }

  private void wrong(String name, String detail) {
    problems.add(new FieldProblem(pointer + "/" + JsonPointers.escaped(name), detail));
  }
}
