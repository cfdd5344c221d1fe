package io.fanfare.broadcast.template;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks audience-service for a contact, as the one who asked us. */
@Component
public class ContactClient {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final BackendClient backend;
  private final JsonMapper json;

  ContactClient(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    this.json = json;
  }

  /**
   * The fields of a contact.
   *
   * @throws ProblemException 404 when there is none, 502 when audience-service does not answer
   */
  public Map<String, Object> contact(Identity who, String id) {
    return ask(who, "/" + URLEncoder.encode(id, StandardCharsets.UTF_8))
        .orElseThrow(() -> ProblemException.notFound("contact", id));
  }

  /**
   * The id of the contact with an external id; empty when there is none.
   *
   * @throws ProblemException 502 when audience-service does not answer
   */
  public Optional<Long> idByExternalId(Identity who, String externalId) {
    return ask(who, "?external_id=" + URLEncoder.encode(externalId, StandardCharsets.UTF_8))
        .flatMap(page -> page.get("items") instanceof List<?> items ? first(items) : none());
  }

  private static Optional<Long> first(List<?> items) {
    return !items.isEmpty()
            && items.getFirst() instanceof Map<?, ?> contact
            && contact.get("id") instanceof Number id
        ? Optional.of(id.longValue())
        : none();
  }

  private static Optional<Long> none() {
    return Optional.empty();
  }

  private Optional<Map<String, Object>> ask(Identity who, String rest) {
    HttpRequest request =
        backend
            .request(backend.backends().audienceUrl(), "/api/v1/contacts" + rest, who)
            .timeout(ANSWER_TIMEOUT)
            .GET()
            .build();
    HttpResponse<InputStream> answer = backend.exchange(request);
    try (InputStream body = answer.body()) {
      return switch (answer.statusCode()) {
        case 200 -> Optional.of(json.readValue(body, new TypeReference<Map<String, Object>>() {}));
        case 404 -> Optional.empty();
        default -> throw unusable();
      };
    } catch (IOException | JacksonException e) {
      throw unusable();
    }
  }

  private static ProblemException unusable() {
    return ProblemException.badGateway(
        "backend_unavailable", "the contact cannot be had from audience-service right now");
  }
}
