package io.fanfare.broadcast.frontdoor;

import io.fanfare.broadcast.media.MediaLimits;
import io.fanfare.support.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds request bodies: 1 MB, 10 MB where batches of contacts are passed on without being held
 * here, and {@code FANFARE_IMPORT_MAX_BYTES} (default 2 GB) where files are.
 */
@Component
@Order(FilterOrder.BODY_LIMIT)
final class BodyLimitFilter extends OncePerRequestFilter {

  /** What the body of a request answered here may hold, in bytes. */
  static final int LIMIT_BYTES = 1024 * 1024;

  /** What the body of a forwarded batch may hold, in bytes. */
  static final int BATCH_LIMIT_BYTES = 10 * LIMIT_BYTES;

  private static final String MEDIA = "/api/v1/media";

  private final ProblemResponses problems;
  private final long fileLimit;

  BodyLimitFilter(
      ProblemResponses problems, @Value("${fanfare.imports.max-bytes}") long fileLimit) {
    this.problems = problems;
    this.fileLimit = fileLimit;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String path = request.getRequestURI();
    if (path.equals(MEDIA)) {
      // Read as a stream and bounded by whom it is for.
      if (request.getContentLengthLong() > MediaLimits.MOST_BYTES) {
        problems.write(request, response, tooLarge(MediaLimits.MOST_BYTES));
      } else {
        chain.doFilter(request, response);
      }
      return;
    }
    boolean file = ForwardedPaths.takesFiles(path);
    boolean forwarded = file || ForwardedPaths.takesBatches(path);
    long limit = file ? fileLimit : forwarded ? BATCH_LIMIT_BYTES : LIMIT_BYTES;
    long announced = request.getContentLengthLong();
    if (announced > limit) {
      problems.write(request, response, tooLarge(limit));
    } else if (announced >= 0 || request.getHeader("Transfer-Encoding") == null) {
      chain.doFilter(request, response);
    } else if (forwarded) {
      chain.doFilter(RequestBodies.limited(request, limit), response);
    } else {
      byte[] body = request.getInputStream().readNBytes(LIMIT_BYTES + 1);
      if (body.length > limit) {
        problems.write(request, response, tooLarge(limit));
      } else {
        chain.doFilter(RequestBodies.buffered(request, body), response);
      }
    }
  }

  static ProblemException tooLarge(long limit) {
    return ProblemException.tooLarge(
        "body_too_large", "the body of this request may hold " + limit + " bytes");
  }
}
