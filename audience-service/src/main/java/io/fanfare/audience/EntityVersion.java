package io.fanfare.audience;

import io.fanfare.support.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Versions of contacts and lists as entity tags, so that two editors do not undo each other. */
public final class EntityVersion {

  private EntityVersion() {}

  /** The {@code ETag} of a version. */
  public static String tag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Refuses an edit of another version than the current one.
   *
   * @param ifMatch the {@code If-Match} header; null or {@code *} edits whatever is there
   * @throws ProblemException 412 {@code version_mismatch}
   */
  public static void require(@Nullable String ifMatch, long current) {
    if (ifMatch == null || ifMatch.equals("*")) {
      return;
    }
    for (String tag : ifMatch.split(",")) {
      // A proxy that compresses answers makes a strong tag weak.
      String strong = tag.strip().startsWith("W/") ? tag.strip().substring(2) : tag.strip();
      if (strong.equals(tag(current))) {
        return;
      }
    }
    throw ProblemException.stale();
  }
}
