package io.fanfare.broadcast.frontdoor;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers what fails before a controller is reached, such as a database that is down when a key is
 * looked up, with a problem detail as well. An answer whose backend broke off half-way becomes a
 * problem when nothing of it has been sent; else its connection is cut, so that nobody takes the
 * half for the whole.
 */
@Component
@Order(FilterOrder.FAILURE)
final class FailureFilter extends OncePerRequestFilter {

  private final ProblemResponses problems;

  FailureFilter(ProblemResponses problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException failure) {
      if (response.isCommitted()) {
        throw failure;
      }
      problems.write(request, response, failure);
    }
    if (BrokenAnswer.isMarked(request)) {
      answerInstead(request, response);
    }
  }

  private void answerInstead(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      // Out of reach of any error handler this makes the server close the connection.
      throw new IOException("the backend broke off in the middle of its answer");
    }
    response.reset();
    SecurityHeadersFilter.apply(request, response);
    problems.write(request, response, BackendClient.unavailable());
  }
}
