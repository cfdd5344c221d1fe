package io.fanfare.support;

import io.fanfare.support.problem.Problem;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;
import org.springframework.http.HttpHeaders;

/**
 * The refusals every operation has by what it takes - a key, a path, a body, a query, a condition -
 * and those its description names. What a controller says of a status itself stays.
 */
final class OpenApiProblems {

  private static final String REFERENCE = "#/components/schemas/Problem";
  private static final String PROBLEM_JSON =
      org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

  /** A refusal named in a description, such as <code>409 `external_id_taken`</code>. */
  private static final Pattern STATUS =
      Pattern.compile("\\b(4[0-9]{2}|50[0-9])\\b(?: `?([a-z]+(?:_[a-z]+)+)`?)?");

  private final List<Parameter> parameters;
  private final boolean hasBody;
  private final boolean post;
  private final String description;

  /**
   * @param post whether it may come with an {@code Idempotency-Key}
   */
  OpenApiProblems(Operation operation, boolean post) {
    this.post = post;
    this.description = operation.getDescription() == null ? "" : operation.getDescription();
    this.parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
    this.hasBody = operation.getRequestBody() != null;
  }

  static void addSchemas(Components components) {
    SpringDocAnnotationsUtils.extractSchema(components, Problem.class, null, null, SpecVersion.V31);
  }

  void addTo(ApiResponses responses) {
    add(responses, "401", "unauthenticated: no valid key");
    add(responses, "403", "forbidden: the key's role may not do this");
    add(responses, "429", "too many requests: Retry-After says when to come back");
    if (takes("path")) {
      add(responses, "404", "there is no such thing, or it is another tenant's");
    }
    if (hasBody) {
      add(responses, "400", "the body cannot be read");
      add(responses, "413", "the body is larger than one request may be");
    }
    if (hasBody || takes("query")) {
      add(responses, "422", "invalid_request: each field that is wrong, with a pointer to it");
    }
    if (isConditional()) {
      add(responses, "412", "version_mismatch: somebody else changed it first");
    }
    if (post) {
      add(responses, "409", "it cannot be done as things stand, or its Idempotency-Key forbids it");
    }
    Matcher named = STATUS.matcher(description);
    while (named.find()) {
      add(responses, named.group(1), named.group(2) == null ? "see above" : named.group(2));
    }
    responses.forEach((code, response) -> {
      if (!code.startsWith("2")) {
        response.setContent(new Content().addMediaType(PROBLEM_JSON, problem()));
      }
    });
  }

  private static void add(ApiResponses responses, String code, String description) {
    if (!responses.containsKey(code)) {
      responses.addApiResponse(code, new ApiResponse().description(description));
    }
  }

  private static MediaType problem() {
    return new MediaType().schema(new Schema<Problem>().$ref(REFERENCE));
  }

  private boolean takes(String in) {
    return parameters.stream().anyMatch(parameter -> in.equals(parameter.getIn()));
  }

  private boolean isConditional() {
    return parameters.stream()
        .anyMatch(parameter -> HttpHeaders.IF_MATCH.equalsIgnoreCase(parameter.getName()));
  }
}
