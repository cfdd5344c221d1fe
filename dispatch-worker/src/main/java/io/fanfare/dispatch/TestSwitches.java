package io.fanfare.dispatch;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults for tests alone: they break a guarantee, so that the check of it can be seen to fail.
 *
 * @param dropResultEvery every so many-th result is lost; 0 for none
 * @param skipClaim messages are sent without a claim
 * @param forgetAnswerEvery every so many-th answer is taken for none; 0 for none
 * @param miscount the counters take a refusal for exhausted retries
 * @param keepFirstControl a broadcast's first control record is obeyed for ever
 * @param skipSuppression nobody is taken as suppressed
 * @param skipQuietHours commands are carried out in quiet hours too
 */
@ConfigurationProperties("fanfare.test")
public record TestSwitches(
    @DefaultValue("0") int dropResultEvery,
    @DefaultValue("false") boolean skipClaim,
    @DefaultValue("0") int forgetAnswerEvery,
    @DefaultValue("false") boolean miscount,
    @DefaultValue("false") boolean keepFirstControl,
    @DefaultValue("false") boolean skipSuppression,
    @DefaultValue("false") boolean skipQuietHours) {

  /** Nothing is broken. */
  public static final TestSwitches NONE = new TestSwitches(0, false, 0, false, false, false, false);

  /** Every so many-th result is lost. */
  public static TestSwitches droppingResults(int every) {
    return new TestSwitches(every, false, 0, false, false, false, false);
  }

  /** Messages are sent without a claim. */
  public static TestSwitches skippingClaims() {
    return new TestSwitches(0, true, 0, false, false, false, false);
  }

  /** Nobody is taken as suppressed. */
  public static TestSwitches skippingSuppressions() {
    return new TestSwitches(0, false, 0, false, false, true, false);
  }
}
