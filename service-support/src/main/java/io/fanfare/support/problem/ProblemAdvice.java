package io.fanfare.support.problem;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/** Turns every error of a controller into a problem detail; only a bug is a 500, and it is loud. */
@RestControllerAdvice
public class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final Duration DATABASE_RETRY_AFTER = Duration.ofSeconds(2);

  @ExceptionHandler
  ResponseEntity<Problem> on(ProblemException refusal) {
    return answer(refusal, HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<Problem> on(MethodArgumentNotValidException invalid) {
    List<FieldProblem> errors =
        invalid.getBindingResult().getAllErrors().stream()
            .map(error ->
                new FieldProblem(
                    error instanceof FieldError field
                        ? JsonPointers.ofProperty(field.getField())
                        : "",
                    String.valueOf(error.getDefaultMessage())))
            .toList();
    return on(ProblemException.invalid(errors));
  }

  @ExceptionHandler
  ResponseEntity<Problem> on(HttpMessageNotReadableException unreadable) {
    return switch (unreadable.getCause()) {
      case StreamReadException syntax ->
          on(
              ProblemException.badRequest(
                  "malformed_json",
                  "the body is no JSON: line %d, column %d"
                      .formatted(
                          syntax.getLocation().getLineNr(), syntax.getLocation().getColumnNr())));
      case DatabindException mismatch ->
          on(ProblemException.invalid(pointer(mismatch), mismatchDetail(mismatch)));
      case null, default ->
          on(ProblemException.badRequest("malformed_body", "the body is missing or unreadable"));
    };
  }

  @ExceptionHandler
  ResponseEntity<Problem> on(MethodArgumentTypeMismatchException mismatch) {
    // An id that cannot be one names nothing; a query parameter that cannot be read is a mistake.
    if (mismatch
        .getParameter()
        .hasParameterAnnotation(org.springframework.web.bind.annotation.PathVariable.class)) {
      return on(ProblemException.notFound("resource", String.valueOf(mismatch.getValue())));
    }
    return on(ProblemException.invalid(mismatch.getName(), "has a value of the wrong type"));
  }

  @ExceptionHandler
  ResponseEntity<Problem> on(MissingServletRequestParameterException missing) {
    return on(ProblemException.invalid(missing.getParameterName(), "is missing"));
  }

  /** No connection was had, so nothing was done: the request may be sent again. */
  @ExceptionHandler({
    CannotCreateTransactionException.class,
    CannotGetJdbcConnectionException.class
  })
  ResponseEntity<Problem> onDatabaseOutOfReach(Exception outOfReach) {
    log.warn("answered 503, the database is out of reach: {}", outOfReach.getMessage());
    return on(
        new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database_unavailable",
            "the database does not answer; try again",
            List.of(),
            DATABASE_RETRY_AFTER));
  }

  @ExceptionHandler
  void on(AsyncRequestNotUsableException gone) {
    log.debug("the client went away: {}", gone.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<Problem> on(Exception exception) {
    if (exception instanceof ErrorResponse response) {
      HttpStatus status = HttpStatus.valueOf(response.getStatusCode().value());
      return answer(
          new ProblemException(
              status,
              status.name().toLowerCase(java.util.Locale.ROOT),
              status.getReasonPhrase(),
              List.of(),
              null),
          response.getHeaders());
    }
    log.error("a bug answered as 500", exception);
    return answer(
        new ProblemException(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal_error",
            "this is a fault of the server; it has been logged",
            List.of(),
            null),
        HttpHeaders.EMPTY);
  }

  private static ResponseEntity<Problem> answer(ProblemException refusal, HttpHeaders headers) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(refusal.status())
            .headers(headers)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (refusal.retryAfter() != null) {
      long seconds = Math.max(1, (refusal.retryAfter().toMillis() + 999) / 1000);
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }
    return answer.body(Problem.of(refusal));
  }

  private static String pointer(DatabindException mismatch) {
    StringBuilder pointer = new StringBuilder();
    for (JacksonException.Reference reference : mismatch.getPath()) {
      String name = reference.getPropertyName();
      pointer
          .append('/')
          .append(
              name == null ? Integer.toString(reference.getIndex()) : JsonPointers.escaped(name));
    }
    return pointer.toString();
  }

  private static String mismatchDetail(DatabindException mismatch) {
    // The original message names Java types; its first sentence without them is enough.
    Throwable cause = mismatch.getCause();
    if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return "has a value of the wrong type or form";
  }
}
