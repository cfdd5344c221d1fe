package io.fanfare.broadcast;

import io.fanfare.localstack.embedded.FreePort;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.ServiceLauncher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service with a real broker, a database of its own and a stub for the services behind it.
 * Tests share it, and each makes tenants of its own.
 */
public final class ApiUnderTest implements AutoCloseable {

  public static final String OPERATOR_KEY = "operator-key-of-the-tests";

  /** Few, so that a test can reach it. */
  public static final int MESSAGES_PER_CONTACT = 12;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final StubBackend backend = StubBackend.start();
  private final TestDatabase database = TestInfrastructure.freshDatabase();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ConfigurableApplicationContext context;
  private final String baseUrl;

  private ApiUnderTest() {
    TestInfrastructure.resetTopics();
    context =
        ServiceLauncher.builder(BroadcastApplication.class, BroadcastApplication.SERVICE_NAME)
            .run(
                "--FANFARE_PORT=0",
                "--FANFARE_DATABASE_URL=" + database.jdbcUrl(),
                "--FANFARE_DATABASE_USERNAME=" + database.username(),
                "--FANFARE_DATABASE_PASSWORD=" + database.password(),
                "--FANFARE_KAFKA_BOOTSTRAP_SERVERS=" + TestInfrastructure.bootstrapServers(),
                "--FANFARE_TOPIC_PARTITIONS=2",
                "--FANFARE_IDENTITY_KEY=" + Base64.getEncoder().encodeToString(new byte[32]),
                "--FANFARE_SECRET_KEYS=k1:" + Base64.getEncoder().encodeToString(new byte[32]),
                "--FANFARE_OPERATOR_KEY=" + OPERATOR_KEY,
                "--FANFARE_AUDIENCE_URL=" + backend.url(),
                "--FANFARE_DISPATCH_URL=" + backend.url(),
                "--FANFARE_ANALYTICS_URL=" + backend.url(),
                "--FANFARE_RETRY_URL=http://localhost:" + closedPort(),
                "--FANFARE_MESSAGES_PER_CONTACT=" + MESSAGES_PER_CONTACT,
                "--fanfare.media.allow-private-targets=true",
                "--fanfare.key-memory=300ms");
    baseUrl = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
  }

  static ApiUnderTest start() {
    return new ApiUnderTest();
  }

  /**
   * The stub all services behind the front door are played by, but for retry-service: it is down.
   */
  public StubBackend backend() {
    return backend;
  }

  public String baseUrl() {
    return baseUrl;
  }

  /** The service's own connection to its schema. */
  public JdbcClient jdbc() {
    return context.getBean(JdbcClient.class);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** A new tenant with an admin key. */
  public TestTenant newTenant() {
    Reply tenant = call(OPERATOR_KEY, "POST", "/api/v1/tenants", Map.of("name", "A school"));
    UUID id = UUID.fromString(tenant.json().get("id").asString());
    Reply key =
        call(
            OPERATOR_KEY,
            "POST",
            "/api/v1/tenants/" + id + "/api-keys",
            Map.of("name", "First key", "role", "admin"));
    return new TestTenant(this, id, key.json().get("key").asString());
  }

  /**
   * Makes a request.
   *
   * @param key the key to show; empty for none
   * @param body JSON text, an object to be written as JSON, or empty for no body
   * @param headers names and values in turn
   */
  public Reply call(String key, String method, String path, Object body, String... headers) {
    String text = body instanceof String given ? given : JSON.writeValueAsString(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(baseUrl + path))
            .method(
                method, text.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
    if (!text.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** Makes a request without a body. */
  public Reply call(String key, String method, String path) {
    return call(key, method, path, "");
  }

  /** Sends a request as it is. */
  public Reply send(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Everything in some tables, as text, to look for what must not be there. */
  public String dump(String... tables) {
    StringBuilder text = new StringBuilder();
    for (String table : tables) {
      List<String> rows =
          jdbc().sql("select row_to_json(t)::text from " + table + " t").query(String.class).list();
      rows.forEach(text::append);
    }
    return text.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
    context.close();
    backend.close();
  }

  private static int closedPort() {
    return FreePort.choose();
  }
}
