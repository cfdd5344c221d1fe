package io.fanfare.broadcast.broadcast.progress;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Asks audience-service how far a broadcast is, as the one who asked us. */
@Component
class ProgressClient {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final BackendClient backend;
  private final JsonMapper json;

  ProgressClient(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    // A counter that is not named is zero.
    this.json = json.rebuild().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
  }

  /**
   * @throws ProblemException 502 when audience-service does not answer
   */
  AudienceProgress progress(Identity who, UUID broadcastId) {
    HttpRequest request =
        backend
            .request(
                backend.backends().audienceUrl(),
                "/api/v1/broadcasts/" + broadcastId + "/progress",
                who)
            .timeout(ANSWER_TIMEOUT)
            .GET()
            .build();
    HttpResponse<InputStream> answer = backend.exchange(request);
    try (InputStream body = answer.body()) {
      return switch (answer.statusCode()) {
        case 200 -> json.readValue(body, AudienceProgress.class);
        // It learns of a broadcast by its control, a moment after the start.
        case 404 -> AudienceProgress.NOTHING;
        default -> throw unusable();
      };
    } catch (IOException | JacksonException e) {
      throw unusable();
    }
  }

  private static ProblemException unusable() {
    return ProblemException.badGateway(
        "backend_unavailable", "the progress cannot be had from audience-service right now");
  }
}
