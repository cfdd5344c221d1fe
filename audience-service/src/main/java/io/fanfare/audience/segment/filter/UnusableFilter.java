package io.fanfare.audience.segment.filter;

/** A filter that is right in itself but not together with the segments it names. */
public final class UnusableFilter extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;

  UnusableFilter(String code, String detail) {
    super(detail);
    this.code = code;
  }

  /** Stable, for machines. */
  public String code() {
    return code;
  }

  /** What is wrong, as the end of a sentence about the filter. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
