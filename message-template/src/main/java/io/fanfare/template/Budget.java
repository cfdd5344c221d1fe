package io.fanfare.template;

/**
 * What one rendering may still use. Everything that reads or makes text pays for its characters
 * before it does so, so that neither time nor memory depends on how a template combines what it may
 * write.
 */
final class Budget {

  private final TemplateLimits limits;
  private long workLeft;
  private int iterationsLeft;
  private int loopCharactersLeft;

  Budget(TemplateLimits limits) {
    this.limits = limits;
    this.workLeft = limits.work();
    this.iterationsLeft = limits.iterations();
    this.loopCharactersLeft = limits.loopCharacters();
  }

  /** The longest text an expression may make. */
  int maxText() {
    return limits.outputCharacters();
  }

  /**
   * Pays for passing over some characters.
   *
   * @throws EvaluationFailure when the work of the rendering is used up
   */
  void spend(long characters) {
    workLeft -= characters;
    if (workLeft < 0) {
      throw new EvaluationFailure("this template does too much work");
    }
  }

  /**
   * Pays for looking for one text in another: in the worst case each place is compared to its end.
   */
  void spendSearch(String whole, String part) {
    long places = Math.max(1, whole.length() - part.length() + 1L);
    spend(whole.length() + places * Math.min(part.length(), whole.length()));
  }

  void spendPass(int bodyCharacters) {
    iterationsLeft--;
    if (iterationsLeft < 0) {
      throw new EvaluationFailure("more than " + limits.iterations() + " loop passes");
    }
    loopCharactersLeft -= bodyCharacters;
    if (loopCharactersLeft < 0) {
      throw new EvaluationFailure("the loops of this template do too much work");
    }
  }
}
