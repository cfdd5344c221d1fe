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
  private static final String PROTOCOL = "bounce_protocol";
  private static final String DELETE_UNMATCHED = "bounce_delete_unmatched";

  static final List<String> NAMES =
      List.of(
          HOST,
          "bounce_port",
          "bounce_security",
          "bounce_username",
          "bounce_folder",
          "bounce_processed_folder",
          PROTOCOL,
          DELETE_UNMATCHED);

  private static final List<String> FOLDERS = List.of("bounce_folder", "bounce_processed_folder");
  private static final String POP3 = "pop3";

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
    String protocol =
        given.optional(PROTOCOL, AccountPatterns.MAILBOX_PROTOCOL, "is one of imap, pop3");
    boolean pop3 = POP3.equals(protocol);
    kept.put(HOST, host);
    if (pop3) {
      kept.put(PROTOCOL, POP3);
    }
    kept.put("bounce_port", given.port("bounce_port", port(pop3, security.equals("tls"))));
    kept.put("bounce_security", security);
    kept.put(
        "bounce_username",
        given.required(
            "bounce_username", AccountPatterns.PLAIN_LINE, "is 1 to 320 characters of ASCII"));
    if (pop3) {
      deleting(given, values, kept, problems);
    } else {
      folders(given, kept);
      if (values.get(DELETE_UNMATCHED) != null) {
        problems.add(new FieldProblem("/settings/" + DELETE_UNMATCHED, "belongs to pop3"));
      }
    }
    return new AccountPlan.Target("/settings/" + HOST, host, security.equals("tls"));
  }

  private static int port(boolean pop3, boolean tls) {
    if (pop3) {
      return tls ? 995 : 110;
    }
    return tls ? 993 : 143;
  }

  private static void deleting(
      Fields given,
      Map<String, @Nullable Object> values,
      Map<String, String> kept,
      List<FieldProblem> problems) {
    FOLDERS.stream()
        .filter(name -> values.get(name) != null)
        .forEach(
            name -> problems.add(new FieldProblem("/settings/" + name, "is nothing pop3 has")));
    if (given.flag(DELETE_UNMATCHED)) {
      kept.put(DELETE_UNMATCHED, "true");
    }
  }

  private static void folders(Fields given, Map<String, String> kept) {
    for (String folder : FOLDERS) {
      String name =
          given.optional(
              folder, AccountPatterns.FOLDER, "is the name of a folder as its server writes it");
      if (name != null) {
        kept.put(folder, name);
      }
    }
  }
}
