package io.fanfare.support;

import io.fanfare.support.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Versions as ETags, such as {@code "3"}, so that two editors do not undo each other's work. */
public final class EntityTag {

  private static final String WEAK = "W/";

  private EntityTag() {}

  /** The value of an {@code ETag} header. */
  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Refuses an edit of a version that is not the newest any more.
   *
   * @param ifMatch the {@code If-Match} header: one or more tags, or {@code *}; without one the
   *     edit is not conditional
   * @throws ProblemException 412 {@code version_mismatch}
   */
  public static void require(@Nullable String ifMatch, long version) {
    if (ifMatch == null || ifMatch.isBlank()) {
      return;
    }
    for (String one : ifMatch.split(",", -1)) {
      String tag = one.strip();
      // A proxy that compresses answers makes a strong tag weak.
      String strong = tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
      if (strong.equals("*") || strong.equals(of(version))) {
        return;
      }
    }
    throw ProblemException.stale();
  }
}
