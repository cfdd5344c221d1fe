package io.fanfare.template;

/**
 * The bounds a template is held to.
 *
 * @param sourceCharacters the longest source
 * @param outputCharacters the longest output, and the longest text an expression may make
 * @param iterations loop passes of one rendering, those of nested loops counted in
 * @param loopCharacters source characters of loop bodies that one rendering may pass through, each
 *     time counted; bounds the time a rendering can take
 */
public record TemplateLimits(
    int sourceCharacters, int outputCharacters, int iterations, int loopCharacters) {

  /** 256 Ki characters in and out, 1,000 loop passes over 2,000,000 characters of bodies. */
  public static final TemplateLimits DEFAULT =
      new TemplateLimits(256 * 1024, 256 * 1024, 1_000, 2_000_000);

  /**
   * @throws IllegalArgumentException when a bound is not positive
   */
  public TemplateLimits {
    if (sourceCharacters < 1 || outputCharacters < 1 || iterations < 1 || loopCharacters < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
