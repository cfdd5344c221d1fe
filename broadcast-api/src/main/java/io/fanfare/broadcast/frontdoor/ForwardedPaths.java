package io.fanfare.broadcast.frontdoor;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which paths belong to the services behind, and which of them are safe to pass on as they are. */
final class ForwardedPaths {

  static final String CONTACTS = "/api/v1/contacts";
  static final String FREQUENCY_CAP = "/api/v1/frequency-cap";
  static final String QUIET_HOURS = "/api/v1/quiet-hours";
  static final String CATEGORIES = "/api/v1/categories";
  static final String SUPPRESSIONS = "/api/v1/suppressions";
  static final String LISTS = "/api/v1/lists";
  static final String SEGMENTS = "/api/v1/segments";
  static final String CONTACT_IMPORTS = "/api/v1/contact-imports";
  static final String CONTACT_EXPORTS = "/api/v1/contact-exports";
  static final String DEAD_LETTERS = "/api/v1/dead-letters";
  static final String IN_DOUBT = "/api/v1/broadcasts/{id}/in-doubt";
  static final String RETRY = "/api/v1/broadcasts/{id}/retry";
  static final String UNDECODABLE_EVENTS = "/api/v1/undecodable-events";
  static final String RETRIES = "/api/v1/broadcasts/{id}/retries";
  static final String SKIPPED = "/api/v1/broadcasts/{id}/skipped";
  static final String AUDIENCE = "/api/v1/broadcasts/{id}/audience";
  static final String STATS = "/api/v1/broadcasts/{id}/stats";
  static final String AB_TEST = "/api/v1/broadcasts/{id}/ab-test";
  static final String AB_TESTS = "/api/v1/ab-tests";

  static final String BOUNCES = "/api/v1/bounces";
  static final String ENGAGEMENT = "/api/v1/broadcasts/{id}/engagement";

  /** What messages lead to; nobody logs in there. */
  static final String PUBLIC_LINKS = "/t/**";

  static final String TIME_SERIES = "/api/v1/broadcasts/{id}/timeseries";
  static final String LINKS = "/api/v1/broadcasts/{id}/links";
  static final String BROADCAST_SEGMENTS = "/api/v1/broadcasts/{id}/segments";
  static final String ANALYTICS = "/api/v1/analytics";
  static final String ANALYTICS_OPERATIONS = "/api/v1/operations/analytics";

  // A dot segment, an empty segment, a path parameter, or an encoded slash, backslash, dot or NUL.
  private static final Pattern UNSAFE =
      Pattern.compile("/\\.{1,2}(/|$)|//|;|\\\\|%2f|%5c|%2e|%00|%25");

  private ForwardedPaths() {}

  /** Whether a path takes bodies larger than those answered here. */
  static boolean takesBatches(String path) {
    return under(CONTACTS, path) || under(LISTS, path) || under(SUPPRESSIONS, path);
  }

  /** Whether a path takes files of any size, which nobody here holds. */
  static boolean takesFiles(String path) {
    return path.equals(CONTACT_IMPORTS);
  }

  /** Whether a raw path means the same to every server that reads it. */
  static boolean isSafe(String path) {
    return !UNSAFE.matcher(path.toLowerCase(Locale.ROOT)).find();
  }

  private static boolean under(String prefix, String path) {
    return path.equals(prefix) || path.startsWith(prefix + "/");
  }
}
