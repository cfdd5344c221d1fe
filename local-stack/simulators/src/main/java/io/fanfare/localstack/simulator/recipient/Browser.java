package io.fanfare.localstack.simulator.recipient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/** Fetches addresses of this machine, and of no other, without following where they lead. */
final class Browser implements AutoCloseable {

  static final String PERSON =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
          + " Safari/537.36";
  static final String SCANNER = "Barracuda Sentinel (EE)";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /** How a fetch ended. */
  enum Outcome {
    DONE,
    FAILED,
    FOREIGN
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  Outcome fetch(String method, String address, String agent) throws InterruptedException {
    try {
      var uri = URI.create(address);
      if (uri.getHost() == null || !LOOPBACK.matcher(uri.getHost()).matches()) {
        return Outcome.FOREIGN;
      }
      var request =
          HttpRequest.newBuilder(uri)
              .method(method, BodyPublishers.noBody())
              .header("User-Agent", agent)
              .timeout(PATIENCE)
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() < 400
          ? Outcome.DONE
          : Outcome.FAILED;
    } catch (IOException | IllegalArgumentException e) {
      return Outcome.FAILED;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
