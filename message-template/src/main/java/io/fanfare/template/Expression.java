package io.fanfare.template;

import org.jspecify.annotations.Nullable;

/** A part of a template that has a value. */
@FunctionalInterface
interface Expression {

  /**
   * @throws EvaluationFailure when the values at hand do not fit
   */
  @Nullable Object evaluate(Rendering rendering);
}
