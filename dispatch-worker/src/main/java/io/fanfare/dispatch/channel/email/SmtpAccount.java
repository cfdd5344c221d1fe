package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an SMTP account, checked.
 *
 * @param host a name or an address
 * @param port 1 to 65535; by default 25 without encryption, 587 with STARTTLS, 465 with TLS
 * @param username null when the server wants no login
 * @param login what the user name is proven with
 * @param password the password, or the access token of {@link Login#XOAUTH2}; empty when there is
 *     none
 * @param from the sender, also of the envelope unless bounces go elsewhere
 * @param replyTo null when answers go to the sender
 * @param returnPath where bounces go, with a token of each recipient; null for the sender
 */
record SmtpAccount(
    String host,
    int port,
    Security security,
    @Nullable String username,
    Login login,
    String password,
    Mailbox from,
    @Nullable Mailbox replyTo,
    @Nullable String returnPath) {

  /** How the connection is encrypted. */
  enum Security {
    NONE(25),
    STARTTLS(587),
    TLS(465);

    private final int port;

    Security(int port) {
      this.port = port;
    }
  }

  /** What a user name is proven with, and the field of the secret that holds it. */
  enum Login {
    PASSWORD("password"),
    XOAUTH2("access_token");

    private final String secretField;

    Login(String secretField) {
      this.secretField = secretField;
    }
  }

  /** An account's settings make no sense; the message says which, and holds no secret. */
  static final class Invalid extends Exception {

    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws Invalid when one is missing or wrong
   */
  static SmtpAccount of(OpenedAccount account) throws Invalid {
    Security security = security(setting(account, "security", "starttls"));
    String from = setting(account, "from", "");
    if (!MailAddressPolicy.isSendable(from)) {
      throw new Invalid("the account's from is not an e-mail address");
    }
    String host = setting(account, "host", "");
    if (host.isEmpty()) {
      throw new Invalid("the account has no host");
    }
    String username = setting(account, "username", "");
    String replyTo = setting(account, "reply_to", "");
    if (!replyTo.isEmpty() && !MailAddressPolicy.isSendable(replyTo)) {
      throw new Invalid("the account's reply_to is not an e-mail address");
    }
    String returnPath = setting(account, "return_path", "");
    if (!returnPath.isEmpty()
        && !(MailAddressPolicy.isSendable(returnPath) && ReturnPath.hasRoom(returnPath))) {
      throw new Invalid("the account's return_path is not an e-mail address with a short name");
    }
    Login login = login(setting(account, "auth", "password"));
    return new SmtpAccount(
        host,
        port(setting(account, "port", ""), security),
        security,
        username.isEmpty() ? null : username,
        login,
        account.secret().getOrDefault(login.secretField, ""),
        new Mailbox(setting(account, "from_name", ""), from),
        replyTo.isEmpty() ? null : new Mailbox("", replyTo),
        returnPath.isEmpty() ? null : returnPath);
  }

  /** Never prints the password. */
  @Override
  public String toString() {
    return "SmtpAccount[" + host + ":" + port + ", " + security + "]";
  }

  private static String setting(OpenedAccount account, String name, String otherwise) {
    return account.settings().getOrDefault(name, otherwise).strip();
  }

  private static Security security(String value) throws Invalid {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "none" -> Security.NONE;
      case "starttls" -> Security.STARTTLS;
      case "tls" -> Security.TLS;
      default -> throw new Invalid("the account's security is not none, starttls or tls");
    };
  }

  private static Login login(String value) throws Invalid {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "password" -> Login.PASSWORD;
      case "xoauth2" -> Login.XOAUTH2;
      default -> throw new Invalid("the account's auth is not password or xoauth2");
    };
  }

  private static int port(String value, Security security) throws Invalid {
    if (value.isEmpty()) {
      return security.port;
    }
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as any other wrong port.
    }
    throw new Invalid("the account's port is not a number from 1 to 65535");
  }
}
