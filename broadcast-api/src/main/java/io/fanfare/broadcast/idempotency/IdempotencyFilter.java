package io.fanfare.broadcast.idempotency;

import io.fanfare.broadcast.frontdoor.BrokenAnswer;
import io.fanfare.broadcast.frontdoor.FilterOrder;
import io.fanfare.broadcast.frontdoor.ForwardedRequest;
import io.fanfare.broadcast.frontdoor.ProblemResponses;
import io.fanfare.broadcast.frontdoor.RequestBodies;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Does a POST with an {@code Idempotency-Key} once and answers it as often as it comes: for 24
 * hours the same request of the same API key gets the answer of the first, flagged with {@code
 * Idempotency-Replayed}. A refusal changed nothing, so its key may be used again. When nobody can
 * say whether it was done - a service behind the front door broke off, or this one died - it is not
 * done again: the client is told to look.
 */
@Component
@Order(FilterOrder.IDEMPOTENCY)
final class IdempotencyFilter extends OncePerRequestFilter {

  private static final String KEY_HEADER = "Idempotency-Key";
  private static final String REPLAYED_HEADER = "Idempotency-Replayed";
  // Body and answer are held in memory and the answer in the database, so both are bounded.
  private static final int LIMIT_BYTES = 1024 * 1024;
  private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private final IdempotencyRepository repository;
  private final ProblemResponses problems;

  IdempotencyFilter(IdempotencyRepository repository, ProblemResponses problems) {
    this.repository = repository;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !"POST".equals(request.getMethod()) || request.getHeader(KEY_HEADER) == null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Identity> identity = Identity.of(request);
    if (identity.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    String key = String.valueOf(request.getHeader(KEY_HEADER));
    if (!KEY_FORM.matcher(key).matches()) {
      problems.write(request, response, badKey());
      return;
    }
    byte[] body = request.getInputStream().readNBytes(LIMIT_BYTES + 1);
    if (body.length > LIMIT_BYTES) {
      problems.write(request, response, tooLarge());
      return;
    }
    // Keyed by the API key, not the tenant: an answer must not reach a key of a lesser role.
    String actor = identity.get().actor();
    byte[] fingerprint =
        RequestFingerprint.of(
            request.getMethod(), request.getRequestURI(), request.getQueryString(), body);
    switch (repository.claim(actor, key, fingerprint)) {
      case IdempotencyDecision.Execute execute ->
          execute(
              actor,
              key,
              execute.claimId(),
              RequestBodies.buffered(request, body),
              new ContentCachingResponseWrapper(response),
              chain);
      case IdempotencyDecision.Replay replay -> replay(replay.response(), response);
      case IdempotencyDecision.InProgress inProgress ->
          problems.write(request, response, inProgress());
      case IdempotencyDecision.Unknown unknown -> problems.write(request, response, unknown());
      case IdempotencyDecision.Reused reused -> problems.write(request, response, reused());
    }
  }

  private void execute(
      String actor,
      String key,
      UUID claimId,
      HttpServletRequest request,
      ContentCachingResponseWrapper response,
      FilterChain chain)
      throws ServletException, IOException {
    boolean returned = false;
    try {
      chain.doFilter(request, response);
      returned = true;
    } finally {
      try {
        // Kept before it is given: a client that asks again after a lost answer finds it.
        boolean success = returned && response.getStatus() / 100 == 2;
        if (ForwardedRequest.isOutcomeUnknown(request, returned, response.getStatus())
            || (success && response.getContentSize() > LIMIT_BYTES)) {
          repository.markUnknown(actor, key, claimId);
        } else if (success) {
          repository.complete(actor, key, claimId, stored(response));
        } else {
          repository.release(actor, key, claimId);
        }
      } finally {
        if (!BrokenAnswer.isMarked(request)) {
          response.copyBodyToResponse();
        }
      }
    }
  }

  private static StoredResponse stored(ContentCachingResponseWrapper response) {
    return new StoredResponse(
        response.getStatus(),
        response.getContentType(),
        response.getHeader(HttpHeaders.LOCATION),
        response.getHeader(HttpHeaders.ETAG),
        response.getContentAsByteArray());
  }

  private static void replay(StoredResponse stored, HttpServletResponse response)
      throws IOException {
    response.setStatus(stored.status());
    response.setHeader(REPLAYED_HEADER, "true");
    if (stored.contentType() != null) {
      response.setContentType(stored.contentType());
    }
    if (stored.location() != null) {
      response.setHeader(HttpHeaders.LOCATION, stored.location());
    }
    if (stored.etag() != null) {
      response.setHeader(HttpHeaders.ETAG, stored.etag());
    }
    response.setContentLength(stored.body().length);
    response.getOutputStream().write(stored.body());
  }

  private static ProblemException badKey() {
    return ProblemException.badRequest(
        "malformed_idempotency_key", KEY_HEADER + " is 1 to 255 printable ASCII characters");
  }

  private static ProblemException tooLarge() {
    return ProblemException.tooLarge(
        "body_too_large", "with an " + KEY_HEADER + " the body may hold " + LIMIT_BYTES + " bytes");
  }

  private static ProblemException inProgress() {
    return new ProblemException(
        HttpStatus.CONFLICT,
        "idempotency_in_progress",
        "the first request with this key has not been answered yet",
        List.<FieldProblem>of(),
        Duration.ofSeconds(1));
  }

  private static ProblemException unknown() {
    return ProblemException.conflict(
        "idempotency_outcome_unknown",
        "whether the first request with this key was done is not known: look for what it should"
            + " have done, and use a new key to do it again");
  }

  private static ProblemException reused() {
    return new ProblemException(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "idempotency_key_reused",
        "this key was used with another request; use a new one",
        List.<FieldProblem>of(),
        null);
  }
}
