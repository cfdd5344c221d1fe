package io.fanfare.broadcast.frontdoor;

import jakarta.servlet.http.HttpServletRequest;

/** Marks a request whose backend broke off half-way through its answer. */
public final class BrokenAnswer {

  private static final String ATTRIBUTE = BrokenAnswer.class.getName();

  private BrokenAnswer() {}

  /** What has been written so far is all there is, and it is not the whole. */
  public static void mark(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, true);
  }

  /** Whether what has been written so far is not the whole answer, and must not pass for it. */
  public static boolean isMarked(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) != null;
  }
}
