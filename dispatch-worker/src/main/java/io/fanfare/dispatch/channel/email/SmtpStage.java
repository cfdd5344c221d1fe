package io.fanfare.dispatch.channel.email;

/** What the server was asked when it answered. */
enum SmtpStage {
  GREETING,
  SENDER,
  RECIPIENT,
  DATA,
  MESSAGE
}
