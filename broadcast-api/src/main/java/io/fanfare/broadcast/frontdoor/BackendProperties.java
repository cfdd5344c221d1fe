package io.fanfare.broadcast.frontdoor;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the services behind the front door are.
 *
 * @param audienceUrl contacts, lists and progress; default {@code http://localhost:8081}
 * @param dispatchUrl tests of channel accounts; default {@code http://localhost:8082}
 * @param analyticsUrl figures; default {@code http://localhost:8083}
 * @param retryUrl dead letters; default {@code http://localhost:8084}
 * @param answerTimeout how long the first byte of an answer is waited for; default 30 s, and below
 *     the minute after which an unfinished request counts as lost
 */
@ConfigurationProperties("fanfare.backend")
public record BackendProperties(
    URI audienceUrl, URI dispatchUrl, URI analyticsUrl, URI retryUrl, Duration answerTimeout) {}
