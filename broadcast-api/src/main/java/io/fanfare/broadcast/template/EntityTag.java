package io.fanfare.broadcast.template;

import io.fanfare.support.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Versions as ETags: {@code "3"}. */
public final class EntityTag {

  private EntityTag() {}

  /** The value of an {@code ETag} header. */
  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Refuses an edit of a version that is not the newest any more.
   *
   * @param ifMatch the {@code If-Match} header; without one the edit is not conditional
   * @throws ProblemException 412 {@code version_mismatch}
   */
  public static void require(@Nullable String ifMatch, long version) {
    if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
      return;
    }
    for (String tag : ifMatch.split(",", -1)) {
      if (tag.strip().equals(of(version))) {
        return;
      }
    }
    throw ProblemException.stale();
  }
}
