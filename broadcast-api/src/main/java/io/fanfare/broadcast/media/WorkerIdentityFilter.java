package io.fanfare.broadcast.media;

import io.fanfare.broadcast.frontdoor.FilterOrder;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets the services behind the front door ask it in a tenant's name, by the identity they sign with
 * the key all of them share. Good under {@code /internal} alone; API keys are good for nothing
 * there.
 */
@Component
@Order(FilterOrder.AUTHENTICATION)
final class WorkerIdentityFilter extends OncePerRequestFilter {

  private final IdentityTokens tokens;

  WorkerIdentityFilter(IdentityTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/internal/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.startsWith(IdentityTokens.SCHEME)) {
      tokens
          .verify(authorization.substring(IdentityTokens.SCHEME.length()))
          .ifPresent(identity -> Identity.bind(request, identity));
    }
    chain.doFilter(request, response);
  }
}
