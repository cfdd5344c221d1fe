package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Logs in with AUTH PLAIN or LOGIN (RFC 4954), whichever the server offers. */
final class SmtpLogin {

  private static final int GO_ON = 334;

  private final SmtpSettings settings;

  SmtpLogin(SmtpSettings settings) {
    this.settings = settings;
  }

  /**
   * Logs in.
   *
   * @throws SmtpOpenFailed when the server refuses, with its own words and never the password
   */
  void login(SmtpConnection connection, List<String> capabilities, String username, String password)
      throws IOException, SmtpOpenFailed {
    SmtpReply reply;
    if (capabilities.contains("AUTH PLAIN")) {
      reply = say(connection, "AUTH PLAIN " + base64("\0" + username + "\0" + password));
    } else if (capabilities.contains("AUTH LOGIN")) {
      reply = say(connection, "AUTH LOGIN");
      if (reply.code() == GO_ON) {
        reply = say(connection, base64(username));
      }
      if (reply.code() == GO_ON) {
        reply = say(connection, base64(password));
      }
    } else {
      throw refused(
          new Cause("login_not_offered", "the server offers neither AUTH PLAIN nor LOGIN", null));
    }
    if (reply.isPositive()) {
      return;
    }
    if (reply.isPermanent()) {
      // The server's words could repeat what it was sent: only the code is certain to be harmless.
      boolean echoes = echoes(reply.text(), username, password);
      Cause cause = SmtpReplyPolicy.cause("login_refused", reply);
      throw refused(
          echoes
              ? new Cause("login_refused", "the server refused the login", cause.providerCode())
              : cause);
    }
    if (reply.isRefusal()) {
      throw new SmtpOpenFailed(
          new SendOutcome.NotSent(
              new Cause(
                  "login_unavailable",
                  "the server cannot check the login now",
                  Integer.toString(reply.code()))));
    }
    throw new SmtpGarbage("the server answered " + reply.code() + " to a login");
  }

  private SmtpReply say(SmtpConnection connection, String line) throws IOException {
    connection.outgoing().ascii(line).ascii("\r\n");
    connection.write(settings.writeTimeout());
    return connection.read(settings.replyTimeout());
  }

  private static SmtpOpenFailed refused(Cause cause) {
    return new SmtpOpenFailed(new SendOutcome.AccountRefused(cause));
  }

  private static boolean echoes(String words, String username, String password) {
    return !password.isEmpty()
        && (words.contains(password)
            || words.contains(base64(password))
            || words.contains(base64("\0" + username + "\0" + password)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
