package io.fanfare.localstack.simulator.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One mail transaction between MAIL and the end of its data. */
record Envelope(String sender, List<String> recipients) {

  static final int MOST_RECIPIENTS = 100;

  private static final Pattern PATH = Pattern.compile("<([^<>\\s]*)>((?:\\s+\\S+)*)\\s*");

  /** A reverse or forward path with the parameters after it. */
  record Path(String address, List<String> parameters) {

    /**
     * @param argument of the command after {@code FROM:} or {@code TO:}
     */
    static Optional<Path> parse(String argument) {
      Matcher matcher = PATH.matcher(argument.trim());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var rest = matcher.group(2).trim();
      return Optional.of(
          new Path(
              matcher.group(1),
              rest.isEmpty() ? List.of() : List.of(rest.toUpperCase(Locale.ROOT).split("\\s+"))));
    }

    /** The value of SIZE, or 0. */
    long size() {
      return parameters.stream()
          .filter(parameter -> parameter.matches("SIZE=\\d{1,15}"))
          .mapToLong(parameter -> Long.parseLong(parameter.substring(5)))
          .findFirst()
          .orElse(0);
    }

    boolean hasUnknownParameter() {
      return parameters.stream()
          .anyMatch(
              parameter -> !parameter.matches("SIZE=\\d{1,15}|BODY=(7BIT|8BITMIME)|AUTH=\\S+"));
    }
  }

  static Envelope from(String sender) {
    return new Envelope(sender, new ArrayList<>(1));
  }
}
