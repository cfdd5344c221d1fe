package io.fanfare.support.problem;

import java.util.Locale;

/** Java property paths as JSON pointers of the snake-case API. */
public final class JsonPointers {

  private JsonPointers() {}

  /** A name as a part of a pointer (RFC 6901): {@code a/b~c} becomes {@code a~1b~0c}. */
  public static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** {@code channels[0].accountId} becomes {@code /channels/0/account_id}. */
  public static String ofProperty(String path) {
    String slashed = path.replace("]", "").replace('[', '/').replace('.', '/');
    return "/" + slashed.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
