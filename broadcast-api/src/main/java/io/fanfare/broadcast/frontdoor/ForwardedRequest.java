package io.fanfare.broadcast.frontdoor;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;

/** Marks a request that may have reached another service, so that what it did there is theirs. */
public final class ForwardedRequest {

  private static final String ATTRIBUTE = ForwardedRequest.class.getName();

  private ForwardedRequest() {}

  static void mark(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, true);
  }

  /** The service could not be reached: nothing was done. */
  static void unmark(HttpServletRequest request) {
    request.removeAttribute(ATTRIBUTE);
  }

  /**
   * Whether nobody here can say if the request was done: the other service failed, or its answer
   * did not come or not come whole. A service that answers 503 refuses.
   *
   * @param returned whether there was an answer, whatever its status
   */
  public static boolean isOutcomeUnknown(HttpServletRequest request, boolean returned, int status) {
    return request.getAttribute(ATTRIBUTE) != null
        && (!returned
            || BrokenAnswer.isMarked(request)
            || (status >= 500 && status != HttpStatus.SERVICE_UNAVAILABLE.value()));
  }
}
