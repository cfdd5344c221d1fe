package io.fanfare.audience;

import io.fanfare.contract.Topic;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventProducer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service under test, which can be stopped and started again on the same data. */
public final class AudienceService implements AutoCloseable {

  private static final byte[] IDENTITY_KEY = new byte[32];
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final IdentityTokens tokens = new IdentityTokens(IDENTITY_KEY, Clock.systemUTC());
  private final TestDatabase database = TestInfrastructure.freshDatabase();
  private final JdbcTemplate jdbc;
  private final EventProducer producer;
  private ConfigurableApplicationContext context;
  private Map<String, Object> settings = Map.of();
  private Class<?> last;

  AudienceService() {
    TestInfrastructure.resetTopics();
    start(Map.of());
    jdbc =
        new JdbcTemplate(
            new DriverManagerDataSource(
                database.jdbcUrl()
                    + (database.jdbcUrl().contains("?") ? "&" : "?")
                    + "currentSchema=audience_service",
                database.username(),
                database.password()));
    producer = new EventProducer(TestInfrastructure.bootstrapServers(), "test");
  }

  public void start(Map<String, Object> settings) {
    context = another(settings);
    this.settings = settings;
  }

  /**
   * Sees to it that it runs with exactly these settings; starts it again where it does not. What
   * another class's tests left under way is ended: it would be released and published for ever.
   */
  void runFor(Class<?> testClass, Map<String, Object> wanted) {
    if (testClass != last) {
      last = testClass;
      jdbc.update("update broadcast_run set open = false where open");
    }
    if (!context.isActive() || !settings.equals(wanted)) {
      stop();
      start(wanted);
    }
  }

  /** How many times it has looked at every lane since it was started. */
  long looks() {
    return bean(MeterRegistry.class).get("fanfare.release.cycle").timer().count();
  }

  /** A further instance on the same data; whoever asks for it closes it. */
  public ConfigurableApplicationContext another(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("FANFARE_DATABASE_URL", database.jdbcUrl());
    properties.put("FANFARE_DATABASE_USERNAME", database.username());
    properties.put("FANFARE_DATABASE_PASSWORD", database.password());
    properties.put("FANFARE_KAFKA_BOOTSTRAP_SERVERS", TestInfrastructure.bootstrapServers());
    properties.put("FANFARE_IDENTITY_KEY", Base64.getEncoder().encodeToString(IDENTITY_KEY));
    properties.put("FANFARE_SECRET_KEYS", "t1:" + Base64.getEncoder().encodeToString(IDENTITY_KEY));
    properties.put("FANFARE_PORT", "0");
    properties.put("FANFARE_TOPIC_PARTITIONS", "4");
    properties.put("FANFARE_RELEASE_PUBLISH_AGAIN_AFTER", "2s");
    properties.putAll(settings);
    return ServiceLauncher.builder(AudienceApplication.class, AudienceApplication.SERVICE_NAME)
        .properties(properties)
        .run();
  }

  public void stop() {
    context.close();
  }

  public JdbcTemplate jdbc() {
    return jdbc;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** Publishes an event and waits until the broker has it. */
  public void publish(Topic topic, String key, Record event) {
    producer.send(topic, key, event).join();
  }

  public EventProducer producer() {
    return producer;
  }

  public static Identity identity(UUID tenant, Role role) {
    return new Identity(tenant, "key:test", role);
  }

  public Answer get(UUID tenant, String path) {
    return request(identity(tenant, Role.VIEWER), "GET", path, null, Map.of());
  }

  /** The text at a path that needs no identity. */
  public String text(String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI uri = URI.create("http://localhost:" + port + path);
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Answer post(UUID tenant, String path, String body) {
    return request(identity(tenant, Role.EDITOR), "POST", path, body, Map.of());
  }

  public Answer request(
      Identity who, String method, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:"
                        + context.getEnvironment().getProperty("local.server.port")
                        + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (who != null) {
      request.header("Authorization", IdentityTokens.SCHEME + tokens.sign(who));
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()),
          response.headers().firstValue("ETag").orElse(null),
          response.headers().firstValue("Location").orElse(null));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a file, as an editor of the tenant. */
  public Answer upload(UUID tenant, String path, String contentType, byte[] file) {
    HttpRequest request =
        authorized(path, identity(tenant, Role.EDITOR))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          JSON.readTree(response.body()),
          null,
          response.headers().firstValue("Location").orElse(null));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a viewer of the tenant downloads. */
  public String download(UUID tenant, String path) {
    HttpRequest request = authorized(path, identity(tenant, Role.VIEWER)).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(path + " answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder authorized(String path, Identity who) {
    String port = context.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", IdentityTokens.SCHEME + tokens.sign(who));
  }

  @Override
  public void close() {
    producer.close();
    stop();
  }

  /** An answer of the service. */
  public record Answer(int status, JsonNode body, String etag, String location) {

    public String code() {
      return body.path("code").asString();
    }

    public String pointer(int index) {
      return body.path("errors").path(index).path("pointer").asString();
    }
  }
}
