package io.fanfare.analytics.abtest;

import java.time.Instant;
import java.util.List;

/**
 * A look that was taken, with everything it used.
 *
 * @param look its number, from 1
 * @param time the share of the planned duration it was declared for
 * @param at when it was taken
 * @param verdict {@code wait}, {@code blocked}, {@code winner} or {@code fallback}
 * @param reason why
 * @param tested a difference could have been found, so alpha was spent
 * @param information how much the figures told
 * @param chiSquare of the sizes against the plan
 * @param ratioPValue how likely they are by chance
 */
record StoredLook(
    int look,
    double time,
    Instant at,
    String verdict,
    LookReason reason,
    boolean tested,
    double information,
    double chiSquare,
    double ratioPValue,
    List<VariantFigures> figures,
    List<Comparison> comparisons) {

  static StoredLook of(
      int look, double time, Instant at, LookDecision decision, LookEvaluation evaluation) {
    return new StoredLook(
        look,
        time,
        at,
        decision.verdict(),
        decision.reason(),
        decision.tested(),
        evaluation.information(),
        evaluation.ratio().chiSquare(),
        evaluation.ratio().pValue(),
        evaluation.figures(),
        evaluation.comparisons());
  }
}
