package io.fanfare.dispatch.engagement.bounce;

import java.io.IOException;

/** A mailbox cannot be looked into, or not any further. */
final class MailboxFailed extends IOException {

  private static final long serialVersionUID = 1L;

  private final String cause;

  /**
   * @param cause stable, for the metric
   */
  MailboxFailed(String cause, String detail) {
    super(detail);
    this.cause = cause;
  }

  String code() {
    return cause;
  }
}
