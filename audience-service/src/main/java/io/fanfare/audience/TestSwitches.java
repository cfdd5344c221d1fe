package io.fanfare.audience;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults for tests alone: they break a guarantee, so that the check of it can be seen to fail.
 *
 * @param loseCommandEvery every so many-th command is taken as published and is not; 0 for none
 * @param releaseHeldBack those who wait for the winner of a test are released before there is one
 * @param capSentAlone a frequency cap counts what was sent and not what is on its way
 */
@ConfigurationProperties("fanfare.test")
public record TestSwitches(
    @DefaultValue("0") int loseCommandEvery,
    @DefaultValue("false") boolean releaseHeldBack,
    @DefaultValue("false") boolean capSentAlone) {}
