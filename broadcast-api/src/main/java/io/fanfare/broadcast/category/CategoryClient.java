package io.fanfare.broadcast.category;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks audience-service for a category by its name. */
@Component
public class CategoryClient {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,49}");

  private final BackendClient backend;
  private final JsonMapper json;

  CategoryClient(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    this.json = json;
  }

  /**
   * Goes on when there is such a category, or none is named. Called outside of transactions.
   *
   * @param name null or empty for none
   * @throws ProblemException 422 with the pointer {@code /category} when there is no such category,
   *     502 when audience-service does not answer
   */
  public void require(UUID tenantId, @Nullable String name) {
    if (name != null && !name.isEmpty() && !(NAME.matcher(name).matches() && has(tenantId, name))) {
      throw ProblemException.invalid("/category", "there is no such category");
    }
  }

  private boolean has(UUID tenantId, String name) {
    HttpRequest request =
        backend
            .request(
                backend.backends().audienceUrl(),
                "/api/v1/categories?name=" + name,
                Identity.system(tenantId))
            .timeout(ANSWER_TIMEOUT)
            .GET()
            .build();
    HttpResponse<InputStream> answer = backend.exchange(request);
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw unusable();
      }
      Map<String, Object> page = json.readValue(body, new TypeReference<Map<String, Object>>() {});
      return page.get("items") instanceof List<?> items && !items.isEmpty();
    } catch (IOException | JacksonException e) {
      throw unusable();
    }
  }

  private static ProblemException unusable() {
    return ProblemException.badGateway(
        "backend_unavailable", "the category cannot be had from audience-service right now");
  }
}
