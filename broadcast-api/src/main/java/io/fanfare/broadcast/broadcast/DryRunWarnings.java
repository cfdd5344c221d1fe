package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.DryRunAnswer.Warning;
import io.fanfare.broadcast.broadcast.DryRunClient.Decided;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what somebody should know of a broadcast before it starts. */
final class DryRunWarnings {

  /**
   * What is known of its content and accounts.
   *
   * @param emailsWithoutLink variants of e-mails that say nowhere how to unsubscribe
   * @param untested channels whose account never passed its test call as it is now
   * @param stopped the operator has stopped all sending
   */
  record Facts(List<String> emailsWithoutLink, List<String> untested, boolean stopped) {}

  private DryRunWarnings() {}

  static List<Warning> of(Facts facts, Decided decided, List<Warning> ofTest) {
    List<Warning> warnings = new ArrayList<>();
    if (decided.contacts() == 0) {
      warnings.add(new Warning("empty_audience", "nobody is in the audience"));
    } else if (decided.messages() == 0) {
      warnings.add(new Warning("nobody_reachable", "everybody in the audience would be skipped"));
    } else {
      decided
          .channels()
          .forEach((channel, figures) -> {
            if (figures.reachable() == 0) {
              warnings.add(
                  new Warning("nobody_reachable_on_" + channel, "nobody is reached on " + channel));
            }
          });
    }
    for (String variant : facts.emailsWithoutLink) {
      warnings.add(
          new Warning(
              "no_unsubscribe_link",
              "the e-mail of variant " + variant + " says nowhere how to unsubscribe"));
    }
    for (String channel : facts.untested) {
      warnings.add(
          new Warning(
              "account_never_tested",
              "the account for " + channel + " has not passed its test call as it is now"));
    }
    for (Map.Entry<String, Long> missing : decided.missingVariables().entrySet()) {
      warnings.add(
          new Warning(
              "missing_variable", missing.getValue() + " recipients have no " + missing.getKey()));
    }
    if (decided.messages() > 0 && decided.estimatedSeconds() == null) {
      warnings.add(
          new Warning(
              "unknown_rate",
              "how fast the account for " + decided.boundedBy() + " is nobody knows yet"));
    }
    if (facts.stopped) {
      warnings.add(new Warning("global_stop", "the operator has stopped all sending"));
    }
    warnings.addAll(ofTest);
    return warnings;
  }
}
