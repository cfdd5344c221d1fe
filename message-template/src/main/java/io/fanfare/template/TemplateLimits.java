package io.fanfare.template;

/**
 * The bounds a template is held to.
 *
 * @param sourceCharacters the longest source
 * @param outputCharacters the longest output, and the longest text an expression may make
 * @param iterations loop passes of one rendering, those of nested loops counted in
 * @param loopCharacters source characters of loop bodies that one rendering may pass through, each
 *     time counted; bounds the number of steps
 * @param work characters that the steps of one rendering may read and make together; a search costs
 *     the length of the text times that of what is sought. With {@code loopCharacters} it bounds
 *     the time and the garbage of a rendering
 * @param ownCharacters characters that the names a template made itself may stand for at a time;
 *     bounds the memory a rendering holds
 */
public record TemplateLimits(
    int sourceCharacters,
    int outputCharacters,
    int iterations,
    int loopCharacters,
    long work,
    int ownCharacters) {

  /**
   * 256 Ki characters in and out, 1,000 loop passes over 2,000,000 characters of bodies, 20,000,000
   * characters of work, 1 Mi characters in names of its own.
   */
  public static final TemplateLimits DEFAULT =
      new TemplateLimits(256 * 1024, 256 * 1024, 1_000, 2_000_000, 20_000_000, 1024 * 1024);

  /**
   * @throws IllegalArgumentException when a bound is not positive
   */
  public TemplateLimits {
    if (sourceCharacters < 1
        || outputCharacters < 1
        || iterations < 1
        || loopCharacters < 1
        || work < 1
        || ownCharacters < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
