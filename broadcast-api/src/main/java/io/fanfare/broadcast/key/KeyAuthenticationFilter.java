package io.fanfare.broadcast.key;

import io.fanfare.broadcast.frontdoor.FilterOrder;
import io.fanfare.broadcast.frontdoor.ProblemResponses;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets nobody into {@code /api} without a key that opens, and tells the rest who is asking. */
@Component
@Order(FilterOrder.AUTHENTICATION)
final class KeyAuthenticationFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";

  private final KeyAuthenticator authenticator;
  private final ProblemResponses problems;

  KeyAuthenticationFilter(KeyAuthenticator authenticator, ProblemResponses problems) {
    this.authenticator = authenticator;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/api/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Identity> identity =
        bearer(request.getHeader(HttpHeaders.AUTHORIZATION)).flatMap(authenticator::authenticate);
    if (identity.isEmpty()) {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      problems.write(request, response, ProblemException.unauthenticated());
      return;
    }
    Identity.bind(request, identity.get());
    chain.doFilter(request, response);
  }

  private static Optional<String> bearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }
}
