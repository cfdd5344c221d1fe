package io.fanfare.audience.segment.filter;

/** How large a filter may be. */
public final class FilterLimits {

  /** Levels of all, any and not within each other. */
  public static final int MAX_DEPTH = 20;

  /** Leaves of one filter, shortcuts counted as what they stand for. */
  public static final int MAX_LEAVES = 200;

  /** Values of one leaf. */
  public static final int MAX_VALUES = 1_000;

  /** Segments within each other. */
  public static final int MAX_SEGMENT_DEPTH = 10;

  /**
   * Leaves of a filter and of all the segments it is made of, counted as often as they are used.
   */
  public static final int MAX_EXPANDED_LEAVES = 2_000;

  static final int MAX_TEXT = 500;
  static final int MAX_MEMBERS = 10;
  static final int MAX_PROBLEMS = 50;
  static final int MAX_DAYS = 3_650;

  private FilterLimits() {}
}
