package io.fanfare.dispatch.engagement.bounce;

/** Something is no report, or one that nobody can read within bounds. */
final class ReportUnreadable extends Exception {

  static final String TOO_LARGE = "too_large";

  private static final long serialVersionUID = 1L;

  private final String cause;

  /**
   * @param cause stable, for the metric and machines
   */
  ReportUnreadable(String cause, String detail) {
    super(detail);
    this.cause = cause;
  }

  ReportUnreadable(String cause, String detail, Exception reason) {
    super(detail, reason);
    this.cause = cause;
  }

  String code() {
    return cause;
  }
}
