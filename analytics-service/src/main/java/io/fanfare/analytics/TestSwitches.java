package io.fanfare.analytics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults for tests alone: they break exact counting, so that the check of it can be seen to fail.
 *
 * @param dropEventEvery every so many-th event is not counted; 0 for none
 */
@ConfigurationProperties("fanfare.test")
public record TestSwitches(@DefaultValue("0") int dropEventEvery) {}
