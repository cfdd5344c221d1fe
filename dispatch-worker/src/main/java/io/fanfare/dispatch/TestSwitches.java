package io.fanfare.dispatch;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults for tests alone: they break a guarantee, so that the check of it can be seen to fail.
 *
 * @param dropResultEvery every so many-th result is lost; 0 for none
 * @param skipClaim messages are sent without a claim
 * @param skipSuppression nobody is taken as suppressed
 */
@ConfigurationProperties("fanfare.test")
public record TestSwitches(
    @DefaultValue("0") int dropResultEvery,
    @DefaultValue("false") boolean skipClaim,
    @DefaultValue("false") boolean skipSuppression) {

  @ConstructorBinding
  public TestSwitches {}

  /** With suppressions as they are. */
  public TestSwitches(int dropResultEvery, boolean skipClaim) {
    this(dropResultEvery, skipClaim, false);
  }
}
