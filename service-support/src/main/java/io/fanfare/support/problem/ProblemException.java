package io.fanfare.support.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A refusal that becomes a problem detail: it says what is wrong and changes nothing. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String code;
  private final transient List<FieldProblem> errors;
  private final @Nullable Duration retryAfter;

  /**
   * @param code stable, for machines
   * @param detail one sentence for people
   */
  public ProblemException(
      HttpStatus status,
      String code,
      String detail,
      List<FieldProblem> errors,
      @Nullable Duration retryAfter) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  /** 404: there is no such thing, or it is another tenant's. */
  public static ProblemException notFound(String resource, Object id) {
    return of(HttpStatus.NOT_FOUND, resource + "_not_found", "there is no " + resource + " " + id);
  }

  /** 409: it cannot be done as things stand. */
  public static ProblemException conflict(String code, String detail) {
    return of(HttpStatus.CONFLICT, code, detail);
  }

  /** 422: one field of the request is wrong. */
  public static ProblemException invalid(String pointer, String detail) {
    return invalid(List.of(new FieldProblem(pointer, detail)));
  }

  /** 422: several fields of the request are wrong. */
  public static ProblemException invalid(List<FieldProblem> errors) {
    return new ProblemException(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "invalid_request",
        "the request has fields that cannot be accepted",
        errors,
        null);
  }

  /** 413: more than one request may hold. */
  public static ProblemException tooLarge(String code, String detail) {
    return of(HttpStatus.CONTENT_TOO_LARGE, code, detail);
  }

  /** 400: the request cannot be read. */
  public static ProblemException badRequest(String code, String detail) {
    return of(HttpStatus.BAD_REQUEST, code, detail);
  }

  /** 401: nobody known is asking. */
  public static ProblemException unauthenticated() {
    return of(
        HttpStatus.UNAUTHORIZED, "unauthenticated", "a valid key is needed to use this endpoint");
  }

  /** 403: the one who asks may not. */
  public static ProblemException forbidden(String detail) {
    return of(HttpStatus.FORBIDDEN, "forbidden", detail);
  }

  /** 412: somebody else changed it first. */
  public static ProblemException stale() {
    return of(
        HttpStatus.PRECONDITION_FAILED, "version_mismatch", "If-Match names an older version");
  }

  /** 429: too much at once. */
  public static ProblemException tooManyRequests(
      String code, String detail, @Nullable Duration retryAfter) {
    return new ProblemException(HttpStatus.TOO_MANY_REQUESTS, code, detail, List.of(), retryAfter);
  }

  /** 502: a service behind this one does not answer. */
  public static ProblemException badGateway(String code, String detail) {
    return of(HttpStatus.BAD_GATEWAY, code, detail);
  }

  /** 503: not now. */
  public static ProblemException unavailable(String code, String detail) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, code, detail);
  }

  private static ProblemException of(HttpStatus status, String code, String detail) {
    return new ProblemException(status, code, detail, List.of(), null);
  }

  public HttpStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public List<FieldProblem> errors() {
    return errors;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
