package io.fanfare.retry;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of this service. When a retry is due is the broadcast's own setting and comes with
 * its control.
 *
 * @param announceInterval how often the due table is looked at; a retry is late by no more
 * @param announceAgainAfter a retry that was announced and has no result is announced again after
 *     this time, then after twice as long each time
 * @param announceAgainAtMostAfter the longest time between two announcements of one retry
 * @param keepDays days after a ledger day until its retries and dead letters are forgotten; more
 *     than the days {@code delivery.events} are kept
 */
@ConfigurationProperties("fanfare.retry")
public record RetryProperties(
    @DefaultValue("100ms") Duration announceInterval,
    @DefaultValue("2m") Duration announceAgainAfter,
    @DefaultValue("1h") Duration announceAgainAtMostAfter,
    @DefaultValue("90") int keepDays) {}
