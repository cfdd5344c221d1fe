package io.fanfare.dispatch.channel.email;

import java.io.IOException;

/** What came is no SMTP reply, or not one the dialogue allows here; the connection is of no use. */
final class SmtpGarbage extends IOException {

  private static final long serialVersionUID = 1L;

  SmtpGarbage(String message) {
    super(message);
  }
}
