package io.fanfare.dispatch.channel;

import io.fanfare.contract.delivery.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tables of docs/outcomes.md, to be compared with what the code does. */
public final class OutcomeTable {

  private OutcomeTable() {}

  /** The rows of the table under a heading, cells without blanks around them. */
  public static List<List<String>> rows(String heading) throws IOException {
    String text = Files.readString(Path.of("../docs/outcomes.md"));
    int from = text.indexOf("\n## " + heading + "\n");
    int until = text.indexOf("\n## ", from + 1);
    return text.substring(from, until < 0 ? text.length() : until)
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
        .toList();
  }

  /** Outcome and code as the tables name them. */
  public static List<String> named(SendOutcome outcome) {
    return switch (outcome) {
      case SendOutcome.Rejected rejected -> named("refused", rejected.cause());
      case SendOutcome.Deferred deferred ->
          named(deferred.rateLimited() ? "too fast" : "later", deferred.cause());
      case SendOutcome.AccountRefused refused -> named("account", refused.cause());
      case SendOutcome.NotSent notSent -> named("not sent", notSent.cause());
      case SendOutcome.Unknown unknown -> named("in doubt", unknown.cause());
      case SendOutcome.Sent sent -> List.of("sent", "");
      case SendOutcome.Stopped stopped -> List.of("stopped", "");
    };
  }

  private static List<String> named(String outcome, Cause cause) {
    return List.of(outcome, cause.code());
  }
}
