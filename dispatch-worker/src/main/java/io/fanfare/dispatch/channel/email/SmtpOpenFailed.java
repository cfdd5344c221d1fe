package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.SendOutcome;

/** No connection ready for messages could be had; carries the outcome of all that wait for it. */
final class SmtpOpenFailed extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient SendOutcome outcome;

  SmtpOpenFailed(SendOutcome outcome) {
    super(outcome.toString(), null, false, false);
    this.outcome = outcome;
  }

  SendOutcome outcome() {
    return outcome;
  }
}
