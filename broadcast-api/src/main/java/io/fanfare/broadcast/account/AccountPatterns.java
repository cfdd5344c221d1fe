package io.fanfare.broadcast.account;

import java.util.regex.Pattern;

/** The forms of account fields. None admits a line break: these texts end up in mail headers. */
final class AccountPatterns {

  /** A DNS name (RFC 1123), an IPv4 address, or an IPv6 address. */
  static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_-]{1,63})*\\.?"
              + "|[0-9A-Fa-f:.]{2,45}");

  static final Pattern SECURITY = Pattern.compile("none|starttls|tls");
  static final Pattern MAILBOX_SECURITY = Pattern.compile("tls|none");
  static final Pattern MAILBOX_PROTOCOL = Pattern.compile("imap|pop3");
  static final Pattern PLAIN_LINE = Pattern.compile("[ -~]{1,320}");
  static final Pattern PLAIN_PASSWORD = Pattern.compile("[ -~]{1,1000}");

  /** Without what IMAP takes for a wildcard or the end of a text. */
  static final Pattern FOLDER = Pattern.compile("[ -~&&[^\"\\\\%*]]{1,100}");

  static final Pattern UPDATES = Pattern.compile("poll|webhook|off");
  static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}\\u2028\\u2029]{1,320}");
  static final Pattern PASSWORD = Pattern.compile("[^\\r\\n\\x00]{1,1000}");

  /** What a worker would put into an SMTP command: a dot-atom and a host name, ASCII only. */
  static final Pattern MAILBOX =
      Pattern.compile(
          "(?=.{3,254}$)(?=[^@]{1,64}@)"
              + "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

  /** One whose name leaves room for the token of a recipient, since local parts have 64 octets. */
  static final Pattern RETURN_PATH = Pattern.compile("(?=[^@]{1,7}@)" + MAILBOX.pattern());

  /** What stands behind the @ of an address, in lower case. */
  static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[^\\s@=.<>(),;:\"*\\p{Cntrl}]+(\\.[^\\s@=.<>(),;:\"*\\p{Cntrl}]+)*");

  static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{1,200}");

  static final Pattern MAIL_AUTH = Pattern.compile("password|xoauth2");
  static final Pattern ACCESS_TOKEN = Pattern.compile("[!-~]{1,8000}");

  /** A domain or a selector (RFC 6376 §3.1): labels of a DNS name. */
  static final Pattern DKIM_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*");

  static final Pattern PEM = Pattern.compile("[\\r\\n -~]{1,10000}");

  private AccountPatterns() {}
}
