package io.fanfare.support.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives a request the identity its token proves; without one it goes on as nobody's. */
final class IdentityFilter extends OncePerRequestFilter {

  private final IdentityTokens tokens;

  IdentityFilter(IdentityTokens tokens) {
    this.tokens = tokens;
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
