package io.fanfare.broadcast.ratelimit;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How many requests one API key may make, on each instance.
 *
 * @param requestsPerSecond how many a second in the long run, 1 or more; default 100
 * @param burst how many at once after a pause, 1 or more; default 200
 */
@ConfigurationProperties("fanfare.rate-limit")
record RateLimitProperties(int requestsPerSecond, int burst) {

  RateLimitProperties {
    if (requestsPerSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("fanfare.rate-limit: both values are 1 or more");
    }
  }
}
