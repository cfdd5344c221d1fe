package io.fanfare.broadcast.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fanfare.broadcast.frontdoor.FilterOrder;
import io.fanfare.broadcast.frontdoor.ProblemResponses;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Holds every API key to its requests a second, and tells it on every answer where it stands. */
@Component
@Order(FilterOrder.RATE_LIMIT)
@EnableConfigurationProperties(RateLimitProperties.class)
final class RateLimitFilter extends OncePerRequestFilter {

  private static final int REMEMBERED_KEYS = 100_000;

  private final RateLimitProperties limits;
  private final ProblemResponses problems;
  private final Cache<String, Bucket> buckets;

  RateLimitFilter(RateLimitProperties limits, ProblemResponses problems) {
    this.limits = limits;
    this.problems = problems;
    // A bucket nobody touched for longer than it takes to fill says no more than a new one.
    Duration toFill = Duration.ofSeconds(limits.burst() / limits.requestsPerSecond() + 60L);
    this.buckets =
        Caffeine.newBuilder().maximumSize(REMEMBERED_KEYS).expireAfterAccess(toFill).build();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Identity> identity = Identity.of(request);
    if (identity.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    ConsumptionProbe probe =
        buckets.get(identity.get().actor(), actor -> newBucket()).tryConsumeAndReturnRemaining(1);
    response.setHeader("RateLimit-Limit", Integer.toString(limits.burst()));
    response.setHeader("RateLimit-Remaining", Long.toString(probe.getRemainingTokens()));
    response.setHeader("RateLimit-Reset", seconds(probe.getNanosToWaitForReset()));
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
    } else {
      Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
      problems.write(
          request,
          response,
          ProblemException.tooManyRequests(
              "rate_limited", "this key makes more requests than it may", wait));
    }
  }

  private Bucket newBucket() {
    return Bucket.builder()
        .addLimit(limit ->
            limit
                .capacity(limits.burst())
                .refillGreedy(limits.requestsPerSecond(), Duration.ofSeconds(1)))
        .build();
  }

  private static String seconds(long nanos) {
    return Long.toString((nanos + 999_999_999L) / 1_000_000_000L);
  }
}
