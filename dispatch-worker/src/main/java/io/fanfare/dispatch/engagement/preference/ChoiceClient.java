package io.fanfare.dispatch.engagement.preference;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks audience-service what a contact may choose and has chosen: a worker remembers too little of
 * opt-outs to say so itself.
 */
@Component
class ChoiceClient {

  /** Nobody can be asked now. */
  static final class Unavailable extends Exception {

    private static final long serialVersionUID = 1L;
  }

  /** Pages that are being asked for at once. */
  private static final int AT_ONCE = 32;

  private static final int MOST_BYTES = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final URI audience;
  private final IdentityTokens tokens;
  private final JsonMapper json;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  ChoiceClient(
      @Value("${FANFARE_AUDIENCE_URL:http://localhost:8081}") URI audience,
      IdentityTokens tokens,
      JsonMapper json) {
    this.audience = audience;
    this.tokens = tokens;
    this.json = json;
  }

  /** The choices of a contact; nothing when it is gone. */
  Optional<ContactChoices> find(UUID tenantId, long contactId) throws Unavailable {
    if (!free.tryAcquire()) {
      throw new Unavailable();
    }
    try {
      return ask(tenantId, contactId);
    } catch (IOException | JacksonException e) {
      throw new Unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable();
    } finally {
      free.release();
    }
  }

  private Optional<ContactChoices> ask(UUID tenantId, long contactId)
      throws IOException, InterruptedException, Unavailable {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    audience.toString().replaceAll("/+$", "")
                        + "/internal/v1/contacts/"
                        + contactId
                        + "/preferences"))
            .header("Authorization", tokens.authorization(Identity.system(tenantId)))
            .timeout(PATIENCE)
            .GET()
            .build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == 404) {
        return Optional.empty();
      }
      if (answer.statusCode() != 200) {
        throw new Unavailable();
      }
      return Optional.of(json.readValue(body.readNBytes(MOST_BYTES), ContactChoices.class));
    }
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
  }
}
