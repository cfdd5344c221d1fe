package io.fanfare.broadcast.frontdoor;

import org.springframework.core.Ordered;

/** The order in which a request passes what stands before the controllers. */
public final class FilterOrder {

  // After the filter that measures requests, so that refusals are measured as well.
  private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 100;

  public static final int SECURITY_HEADERS = FIRST;
  public static final int FAILURE = FIRST + 1;
  public static final int AUTHENTICATION = FIRST + 2;
  public static final int RATE_LIMIT = FIRST + 3;
  public static final int BODY_LIMIT = FIRST + 4;
  public static final int IDEMPOTENCY = FIRST + 5;

  private FilterOrder() {}
}
