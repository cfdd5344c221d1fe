package io.fanfare.localstack.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP with one key: sends maps and lists, gives back trees. */
public final class RestClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http;
  private final URI base;
  private final String key;

  /**
   * @param base such as {@code http://localhost:8080}
   * @param key an API key or the operator key
   */
  public RestClient(URI base, String key) {
    this(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build(),
        base,
        key);
  }

  private RestClient(HttpClient http, URI base, String key) {
    this.http = http;
    this.base = base;
    this.key = key;
  }

  /** The same place with another key. */
  public RestClient withKey(String otherKey) {
    return new RestClient(http, base, otherKey);
  }

  public URI base() {
    return base;
  }

  /** The value of the header that shows the key, for requests of another kind. */
  public String authorization() {
    return "Bearer " + key;
  }

  public JsonNode get(String path) {
    return exchange("GET", path, null).expectSuccess();
  }

  public JsonNode post(String path, Object body) {
    return exchange("POST", path, body).expectSuccess();
  }

  public JsonNode put(String path, Object body) {
    return exchange("PUT", path, body).expectSuccess();
  }

  /**
   * Any request; the answer may be an error.
   *
   * @param body null for none
   */
  public Answer exchange(String method, String path, @Nullable Object body) {
    return exchange(method, path, body, Map.of());
  }

  /** Any request with further headers. */
  public Answer exchange(
      String method, String path, @Nullable Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key)
            .header("Accept", "application/json, application/problem+json");
    headers.forEach(request::setHeader);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(method + " " + path, response);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + base.resolve(path), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method + " " + path, e);
    }
  }

  /** What came back. */
  public static final class Answer {

    private final String what;
    private final HttpResponse<byte[]> response;

    private Answer(String what, HttpResponse<byte[]> response) {
      this.what = what;
      this.response = response;
    }

    public int status() {
      return response.statusCode();
    }

    /** A header's first value. */
    public @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** The body as text. */
    public String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The body as a tree; a missing node when it is empty. */
    public JsonNode body() {
      return response.body().length == 0 ? JSON.missingNode() : JSON.readTree(response.body());
    }

    /**
     * The body of an answer below 300.
     *
     * @throws IllegalStateException with the problem's text otherwise
     */
    public JsonNode expectSuccess() {
      if (status() >= 300) {
        throw new IllegalStateException(what + " answered " + status() + ": " + text());
      }
      return body();
    }
  }
}
