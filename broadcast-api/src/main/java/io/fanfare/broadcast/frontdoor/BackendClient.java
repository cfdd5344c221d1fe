package io.fanfare.broadcast.frontdoor;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Asks the services behind the front door, as the one who asked us. */
@Component
@EnableConfigurationProperties(BackendProperties.class)
public class BackendClient {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final IdentityTokens tokens;
  private final BackendProperties backends;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  BackendClient(IdentityTokens tokens, BackendProperties backends) {
    this.tokens = tokens;
    this.backends = backends;
  }

  /** Where the services are. */
  public BackendProperties backends() {
    return backends;
  }

  /** A request in somebody's name, with the time an answer may take. */
  public HttpRequest.Builder request(URI base, String pathAndQuery, Identity identity) {
    return request(base, pathAndQuery).header("Authorization", tokens.authorization(identity));
  }

  /** A request in nobody's name. */
  HttpRequest.Builder request(URI base, String pathAndQuery) {
    URI target;
    try {
      target = URI.create(base.toString().replaceAll("/+$", "") + pathAndQuery);
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest("malformed_path", "the path or query is not well formed");
    }
    return HttpRequest.newBuilder(target).timeout(backends.answerTimeout());
  }

  /**
   * The answer, whatever its status; its body has to be closed.
   *
   * @throws ProblemException 502 {@code backend_unavailable} when there is none, 413 when the body
   *     that is passed on turns out too large
   */
  public HttpResponse<InputStream> exchange(HttpRequest request) {
    return exchange(request, () -> {});
  }

  /**
   * The same.
   *
   * @param notReached run when there was no connection, so that nothing has been asked
   */
  HttpResponse<InputStream> exchange(HttpRequest request, Runnable notReached) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      notReached.run();
      throw unavailable();
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof RequestBodies.TooLarge tooLarge) {
          throw BodyLimitFilter.tooLarge(tooLarge.limit());
        }
      }
      throw unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    }
  }

  @PreDestroy
  void close() {
    // Waiting for the pool to end could take as long as the slowest backend.
    client.shutdownNow();
  }

  static ProblemException unavailable() {
    return ProblemException.badGateway(
        "backend_unavailable", "the service behind this endpoint does not answer; try again later");
  }
}
