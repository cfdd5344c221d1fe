package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Logs in (RFC 4954): a password with AUTH PLAIN or LOGIN, whichever the server offers; an access
 * token with XOAUTH2 (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
 */
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
  void login(SmtpConnection connection, List<String> capabilities, SmtpAccount account)
      throws IOException, SmtpOpenFailed {
    SmtpReply reply =
        switch (account.login()) {
          case PASSWORD -> password(connection, capabilities, account);
          case XOAUTH2 -> token(connection, capabilities, account);
        };
    if (reply.isPositive()) {
      return;
    }
    if (reply.isPermanent()) {
      // The server's words could repeat what it was sent: only the code is certain to be harmless.
      Cause cause = SmtpReplyPolicy.cause("login_refused", reply);
      throw refused(
          echoes(reply.text(), account)
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

  private SmtpReply password(
      SmtpConnection connection, List<String> capabilities, SmtpAccount account)
      throws IOException, SmtpOpenFailed {
    if (capabilities.contains("AUTH PLAIN")) {
      return say(connection, "AUTH PLAIN " + base64(plain(account)));
    }
    if (!capabilities.contains("AUTH LOGIN")) {
      throw notOffered("the server offers neither AUTH PLAIN nor LOGIN");
    }
    SmtpReply reply = say(connection, "AUTH LOGIN");
    if (reply.code() == GO_ON) {
      reply = say(connection, base64(username(account)));
    }
    return reply.code() == GO_ON ? say(connection, base64(account.password())) : reply;
  }

  private SmtpReply token(SmtpConnection connection, List<String> capabilities, SmtpAccount account)
      throws IOException, SmtpOpenFailed {
    if (!capabilities.contains("AUTH XOAUTH2")) {
      throw notOffered("the server does not offer AUTH XOAUTH2");
    }
    SmtpReply reply = say(connection, "AUTH XOAUTH2 " + base64(bearer(account)));
    // Why a token is refused comes as a challenge; the refusal itself follows an empty answer.
    return reply.code() == GO_ON ? say(connection, "") : reply;
  }

  private SmtpReply say(SmtpConnection connection, String line) throws IOException {
    connection.outgoing().ascii(line).ascii("\r\n");
    connection.write(settings.writeTimeout());
    return connection.read(settings.replyTimeout());
  }

  private static SmtpOpenFailed notOffered(String detail) {
    return refused(new Cause("login_not_offered", detail, null));
  }

  private static SmtpOpenFailed refused(Cause cause) {
    return new SmtpOpenFailed(new SendOutcome.AccountRefused(cause));
  }

  private static boolean echoes(String words, SmtpAccount account) {
    String password = account.password();
    return !password.isEmpty()
        && (words.contains(password)
            || words.contains(base64(password))
            || words.contains(base64(plain(account)))
            || words.contains(base64(bearer(account))));
  }

  private static String username(SmtpAccount account) {
    String username = account.username();
    return username == null ? "" : username;
  }

  private static String plain(SmtpAccount account) {
    return "\0" + username(account) + "\0" + account.password();
  }

  private static String bearer(SmtpAccount account) {
    return "user=" + username(account) + "\1auth=Bearer " + account.password() + "\1\1";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
