package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks the owners of recipients, in the name of their tenant. */
@Component
class RecipientClient {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final BackendClient backend;
  private final JsonMapper json;

  RecipientClient(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    this.json = json;
  }

  URI audience() {
    return backend.backends().audienceUrl();
  }

  URI ledger() {
    return backend.backends().dispatchUrl();
  }

  URI retries() {
    return backend.backends().retryUrl();
  }

  URI analytics() {
    return backend.backends().analyticsUrl();
  }

  /**
   * What an owner answers.
   *
   * @throws ProblemException 502 when it does not
   */
  <T> T get(UUID tenantId, URI owner, String pathAndQuery, TypeReference<T> type) {
    return answer(request(tenantId, owner, pathAndQuery).GET().build(), type);
  }

  /** The same of a question that is too long for a query; it changes nothing. */
  <T> T ask(UUID tenantId, URI owner, String pathAndQuery, Object question, TypeReference<T> type) {
    return answer(
        request(tenantId, owner, pathAndQuery)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(question)))
            .build(),
        type);
  }

  private HttpRequest.Builder request(UUID tenantId, URI owner, String pathAndQuery) {
    return backend.request(owner, pathAndQuery, Identity.system(tenantId)).timeout(ANSWER_TIMEOUT);
  }

  private <T> T answer(HttpRequest request, TypeReference<T> type) {
    HttpResponse<InputStream> answer = backend.exchange(request);
    try (InputStream body = answer.body()) {
      T value = answer.statusCode() == 200 ? json.readValue(body, type) : null;
      if (value != null) {
        return value;
      }
    } catch (IOException | JacksonException e) {
      // Answered below: what cannot be read is as little an answer as another status.
    }
    throw ProblemException.badGateway(
        "backend_unavailable", "the recipients cannot be had from their owners right now");
  }

  /** A query's end that names a place in the order and how many are wanted after it. */
  static String after(RecipientPosition position, @Nullable String channel, int limit) {
    return "&limit="
        + limit
        + "&after_contact="
        + position.contactId()
        + "&after_channel="
        + position.channel()
        + (channel == null ? "" : "&channel=" + channel);
  }
}
