package io.fanfare.broadcast.account;

import io.fanfare.support.problem.FieldProblem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the mailbox that an e-mail account's bounces are fetched from, if there is one.
 */
final class BounceMailboxFields {

  static final String HOST = "bounce_host";
  static final String PASSWORD = "bounce_password";

  static final List<String> NAMES =
      List.of(
          HOST,
          "bounce_port",
          "bounce_security",
          "bounce_username",
          "bounce_folder",
          "bounce_processed_folder");

  private static final int TLS_PORT = 993;
  private static final int PLAIN_PORT = 143;

  private BounceMailboxFields() {}

  /**
   * Takes the settings over.
   *
   * @return where they lead; null when there is no mailbox
   */
  static AccountPlan.@Nullable Target settings(
      Fields given,
      Map<String, @Nullable Object> values,
      Map<String, String> kept,
      List<FieldProblem> problems) {
    if (values.get(HOST) == null) {
      NAMES.stream()
          .filter(name -> values.get(name) != null)
          .forEach(
              name -> problems.add(new FieldProblem("/settings/" + name, "belongs to a " + HOST)));
      return null;
    }
    String host = given.required(HOST, AccountPatterns.HOST, "is a host name or address");
    String security =
        given.optional("bounce_security", AccountPatterns.MAILBOX_SECURITY, "is one of tls, none");
    security = security == null ? "tls" : security;
    kept.put(HOST, host);
    kept.put(
        "bounce_port", given.port("bounce_port", security.equals("tls") ? TLS_PORT : PLAIN_PORT));
    kept.put("bounce_security", security);
    kept.put(
        "bounce_username",
        given.required(
            "bounce_username", AccountPatterns.PLAIN_LINE, "is 1 to 320 characters of ASCII"));
    for (String folder : List.of("bounce_folder", "bounce_processed_folder")) {
      String name =
          given.optional(
              folder, AccountPatterns.FOLDER, "is the name of a folder as its server writes it");
      if (name != null) {
        kept.put(folder, name);
      }
    }
    return new AccountPlan.Target("/settings/" + HOST, host, security.equals("tls"));
  }
}
