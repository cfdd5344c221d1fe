package io.fanfare.support.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error (RFC 9457).
 *
 * @param type a URI for the kind of error, {@code urn:fanfare:problem:<code>}
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what went wrong, for people
 * @param code what went wrong, for machines; never changes its meaning
 * @param errors with 422: each field that is wrong
 */
@Schema(
    example =
        """
        {"type": "urn:fanfare:problem:invalid_request", "title": "Unprocessable Content", \
        "status": 422, "detail": "the request has fields that cannot be accepted", \
        "code": "invalid_request", "errors": [{"pointer": "/name", "detail": "is missing"}]}\
        """)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<FieldProblem> errors) {

  /** The body that tells of a refusal. */
  public static Problem of(ProblemException refusal) {
    return new Problem(
        "urn:fanfare:problem:" + refusal.code(),
        refusal.status().getReasonPhrase(),
        refusal.status().value(),
        refusal.detail(),
        refusal.code(),
        refusal.errors());
  }
}
