package io.fanfare.analytics;

import io.fanfare.support.problem.Problem;
import io.fanfare.support.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers 503 while the database does not answer: what is asked may be asked again, and so may the
 * order to count everything again, since a second one finds the first. A decision about a test is
 * none of these: whether it was taken nobody knows then.
 */
@RestControllerAdvice({"io.fanfare.analytics.stats", "io.fanfare.analytics.rebuild"})
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAdvice {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    RecoverableDataAccessException.class,
    CannotCreateTransactionException.class,
    TransactionSystemException.class
  })
  ResponseEntity<Problem> unavailable() {
    ProblemException refusal =
        new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database_unavailable",
            "the database does not answer; try again",
            List.of(),
            RETRY_AFTER);
    return ResponseEntity.status(refusal.status())
        .header(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()))
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problem.of(refusal));
  }
}
