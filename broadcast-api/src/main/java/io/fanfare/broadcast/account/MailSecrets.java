package io.fanfare.broadcast.account;

import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.secret.RsaPrivateKeyPem;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an e-mail account may keep secret: what its user name is proven with, and the key its
 * messages are signed with.
 */
final class MailSecrets {

  private static final String PASSWORD = "password";
  private static final String ACCESS_TOKEN = "access_token";
  private static final String DKIM_KEY = "dkim_private_key";

  private MailSecrets() {}

  /** Takes over the settings that say which secrets there are. */
  static void settings(Fields given, Map<String, String> kept, List<FieldProblem> problems) {
    String auth = given.optional("auth", AccountPatterns.MAIL_AUTH, "is one of password, xoauth2");
    if (auth != null) {
      kept.put("auth", auth);
    }
    if ("xoauth2".equals(auth) && !kept.containsKey("username")) {
      problems.add(new FieldProblem("/settings/username", "is needed with xoauth2"));
    }
    String domain =
        given.optional("dkim_domain", AccountPatterns.DKIM_NAME, "is a domain such as example.com");
    String selector =
        given.optional("dkim_selector", AccountPatterns.DKIM_NAME, "is a name such as fanfare");
    if (domain != null && selector != null) {
      kept.put("dkim_domain", domain);
      kept.put("dkim_selector", selector);
    } else if (domain != null || selector != null) {
      String other = domain == null ? "dkim_domain" : "dkim_selector";
      problems.add(new FieldProblem("/settings/" + other, "belongs to the other DKIM setting"));
    }
  }

  /** The fields a secret must have with these settings. */
  static Set<String> needed(Map<String, String> settings) {
    Set<String> needed = new LinkedHashSet<>();
    if (settings.containsKey("username")) {
      needed.add("xoauth2".equals(settings.get("auth")) ? ACCESS_TOKEN : PASSWORD);
    }
    if (settings.containsKey("dkim_domain")) {
      needed.add(DKIM_KEY);
    }
    if (settings.containsKey(BounceMailboxFields.HOST)) {
      needed.add(BounceMailboxFields.PASSWORD);
    }
    return needed;
  }

  /** The secret of a request; null when it brings none. */
  static @Nullable Map<String, String> secret(
      @Nullable Map<String, @Nullable Object> given,
      Map<String, String> settings,
      List<FieldProblem> problems) {
    if (given == null) {
      return null;
    }
    Set<String> needed = needed(settings);
    Fields secrets = new Fields("/secret", given, problems);
    Map<String, String> secret = new LinkedHashMap<>();
    if (given.get(PASSWORD) != null && !settings.containsKey("username")) {
      problems.add(new FieldProblem("/settings/username", "is needed with a password"));
    } else if (given.get(DKIM_KEY) != null && !needed.contains(DKIM_KEY)) {
      problems.add(new FieldProblem("/settings/dkim_domain", "is needed with a key to sign with"));
    } else {
      secrets.only(needed);
    }
    for (String name : needed) {
      secret.put(
          name,
          switch (name) {
            case PASSWORD ->
                secrets.required(name, AccountPatterns.PASSWORD, "is 1 to 1000 characters");
            case BounceMailboxFields.PASSWORD ->
                secrets.required(
                    name, AccountPatterns.PLAIN_PASSWORD, "is 1 to 1000 characters of ASCII");
            case ACCESS_TOKEN ->
                secrets.required(
                    name, AccountPatterns.ACCESS_TOKEN, "is 1 to 8000 characters without blanks");
            default -> key(secrets, problems);
          });
    }
    return secret;
  }

  private static String key(Fields secrets, List<FieldProblem> problems) {
    String pem =
        secrets.required(
            DKIM_KEY, AccountPatterns.PEM, "is an RSA private key in PEM, not encrypted");
    if (!pem.isEmpty()) {
      try {
        RsaPrivateKeyPem.read(pem);
      } catch (IllegalArgumentException wrong) {
        problems.add(new FieldProblem("/secret/" + DKIM_KEY, String.valueOf(wrong.getMessage())));
      }
    }
    return pem;
  }
}
