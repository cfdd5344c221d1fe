package io.fanfare.dispatch;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults for tests alone: they break a guarantee, so that the check of it can be seen to fail.
 *
 * @param dropResultEvery every so many-th result is lost; 0 for none
 * @param skipClaim messages are sent without a claim
 */
@ConfigurationProperties("fanfare.test")
public record TestSwitches(
    @DefaultValue("0") int dropResultEvery, @DefaultValue("false") boolean skipClaim) {}
