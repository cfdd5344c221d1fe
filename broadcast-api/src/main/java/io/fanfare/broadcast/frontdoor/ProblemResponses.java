package io.fanfare.broadcast.frontdoor;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Lets filters refuse a request with the same problem details as controllers. */
@Component
public class ProblemResponses {

  private final HandlerExceptionResolver resolver;

  ProblemResponses(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
    this.resolver = resolver;
  }

  /** Answers with a refusal; another exception is a fault of the server, and logged as one. */
  public void write(
      HttpServletRequest request, HttpServletResponse response, RuntimeException failure) {
    resolver.resolveException(request, response, null, failure);
  }
}
