package io.fanfare.audience.segment.filter;

import io.fanfare.support.problem.FieldProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a filter; only the first of it is kept. */
final class Problems {

  private final List<FieldProblem> kept;
  private int added;

  Problems(List<FieldProblem> kept) {
    this.kept = kept;
  }

  /** Answers null, for whoever has nothing to answer then. */
  <T> @Nullable T add(String pointer, String detail) {
    if (added++ < FilterLimits.MAX_PROBLEMS) {
      kept.add(new FieldProblem(pointer, detail));
    }
    return null;
  }

  boolean any() {
    return added > 0;
  }
}
