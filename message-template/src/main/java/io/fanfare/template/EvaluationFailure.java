package io.fanfare.template;

/** An expression that cannot be evaluated; the statement around it adds the place. */
final class EvaluationFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  EvaluationFailure(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
