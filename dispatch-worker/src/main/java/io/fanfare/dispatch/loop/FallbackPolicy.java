package io.fanfare.dispatch.loop;

import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;

/**
 * Says which ends of a command are a fall back to the contact's next channel: those that leave no
 * doubt that it did not get the message. What is in doubt may have been delivered and never falls
 * back.
 */
public final class FallbackPolicy {

  private FallbackPolicy() {}

  /** How the command ends, where its channel alone would end it so. */
  public static Outcome end(SendMessage command, Outcome outcome) {
    return switch (outcome) {
      case FAILED, DEAD, SKIPPED -> command.fallsBack() ? Outcome.FELL_BACK : outcome;
      case SENT, RETRYING, RATE_LIMITED, IN_DOUBT, RETURNED, CANCELLED, FELL_BACK -> outcome;
    };
  }
}
