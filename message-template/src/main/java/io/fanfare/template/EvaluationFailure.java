package io.fanfare.template;

/** An expression that cannot be evaluated; the statement around it adds the place. */
final class EvaluationFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EvaluationFailure(String message) {
    super(message, null, false, false);
  }
}
