package io.fanfare.analytics;

import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventProducer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service on a database of its own, any number of instances, and what tests ask of it. */
public final class AnalyticsUnderTest implements AutoCloseable {

  private static final int PARTITIONS = 4;
  private static final String SCHEMA = "analytics_service";
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FIGURES =
      List.of(
          "recipient_count",
          "recipient_segment",
          "attempt_count",
          "cause_count",
          "minute_count",
          "engagement_event",
          "engagement_count",
          "engagement_segment",
          "engagement_series",
          "engagement_hour",
          "engagement_link_hour",
          "engagement_link",
          "engagement_link_target",
          "engagement_day",
          "engagement_week");

  private final TestDatabase database = TestInfrastructure.freshDatabase();
  private final Deque<ConfigurableApplicationContext> instances = new ArrayDeque<>();
  private final EventProducer producer =
      new EventProducer(TestInfrastructure.bootstrapServers(), "test");
  private final Admin admin =
      Admin.create(Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()));
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts one more instance. */
  @SafeVarargs
  public final void start(
      int batchSize, ApplicationContextInitializer<ConfigurableApplicationContext>... mutations) {
    instances.add(
        ServiceLauncher.builder(AnalyticsApplication.class, AnalyticsApplication.NAME)
            .initializers(mutations)
            .run(
                "--FANFARE_PORT=0",
                "--FANFARE_DATABASE_URL=" + database.jdbcUrl(),
                "--FANFARE_DATABASE_USERNAME=" + database.username(),
                "--FANFARE_DATABASE_PASSWORD=" + database.password(),
                "--FANFARE_KAFKA_BOOTSTRAP_SERVERS=" + TestInfrastructure.bootstrapServers(),
                "--FANFARE_IDENTITY_KEY=" + Base64.getEncoder().encodeToString(new byte[32]),
                "--FANFARE_TOPIC_PARTITIONS=" + PARTITIONS,
                "--fanfare.analytics.batch-size=" + batchSize));
  }

  /** Stops the oldest instance. */
  public void stopOldest() {
    instances.removeFirst().close();
  }

  public void publish(Collection<DeliveryEvent> events) {
    events.stream()
        .map(
            event -> producer.send(Topics.DELIVERY_EVENTS, Long.toString(event.contactId()), event))
        .toList()
        .forEach(sent -> sent.join());
  }

  public void publishEngagement(Collection<EngagementEvent> events) {
    events.stream()
        .map(event ->
            producer.send(Topics.ENGAGEMENT_EVENTS, Long.toString(event.contactId()), event))
        .toList()
        .forEach(sent -> sent.join());
  }

  public void publish(BroadcastControl control) {
    producer.send(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), control).join();
  }

  /** Returns when everything in the topics is counted. */
  public void awaitCounted() {
    long end = endOf(Topics.DELIVERY_EVENTS) + endOf(Topics.ENGAGEMENT_EVENTS);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> number("select coalesce(sum(next_offset), 0) from consumer_offset") == end);
  }

  private long endOf(Topic topic) {
    var latest =
        IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topic.name(), partition))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    try {
      return admin.listOffsets(latest).all().get().values().stream()
          .mapToLong(offset -> offset.offset())
          .sum();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer's status and body. */
  public record Answer(int status, JsonNode body) {}

  public Answer stats(UUID tenant, UUID broadcast) {
    return get(
        "/api/v1/broadcasts/" + broadcast + "/stats",
        newest()
            .getBean(IdentityTokens.class)
            .authorization(new Identity(tenant, "key:test", Role.VIEWER)));
  }

  /** What a tenant's viewer is answered. */
  public Answer ask(UUID tenant, String pathAndQuery) {
    return get(pathAndQuery, authorization(new Identity(tenant, "key:test", Role.VIEWER)));
  }

  /** An answer that is no JSON. */
  public record Text(int status, String contentType, String text) {}

  /** What a tenant's viewer is answered who accepts a media type. */
  public Text askFor(String accepted, UUID tenant, String pathAndQuery) {
    var response =
        exchange(
            "GET",
            pathAndQuery,
            authorization(new Identity(tenant, "key:test", Role.VIEWER)),
            accepted);
    return new Text(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
  }

  /** What somebody with a role is answered; the operator belongs to no tenant. */
  public Answer as(Role role, String method, String path) {
    var tenant = role == Role.OPERATOR ? null : UUID.randomUUID();
    var response =
        exchange(
            method,
            path,
            authorization(new Identity(tenant, "key:test", role)),
            "application/json");
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }

  private HttpResponse<String> exchange(
      String method, String path, String authorization, String accepted) {
    var port = newest().getEnvironment().getRequiredProperty("local.server.port");
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", authorization)
            .header("Accept", accepted)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session of the service's database. */
  public Connection connect() throws SQLException {
    return database.connect();
  }

  /** Has the broker forget everything there is in the topics. */
  public void forgetEvents() {
    var ends = new HashMap<TopicPartition, RecordsToDelete>();
    for (var topic : List.of(Topics.DELIVERY_EVENTS, Topics.ENGAGEMENT_EVENTS)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        ends.put(new TopicPartition(topic.name(), partition), RecordsToDelete.beforeOffset(-1));
      }
    }
    try {
      admin.deleteRecords(ends).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a viewer of a tenant. */
  public Answer get(String path, UUID tenant) {
    return get(
        path,
        newest()
            .getBean(IdentityTokens.class)
            .authorization(new Identity(tenant, "key:test", Role.VIEWER)));
  }

  public Answer get(String path, String authorization) {
    var port = newest().getEnvironment().getRequiredProperty("local.server.port");
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Authorization", authorization)
            .build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      var json = response.headers().firstValue("Content-Type").orElse("").contains("json");
      return new Answer(response.statusCode(), JSON.readTree(json ? response.body() : "{}"));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer as text, such as metrics. */
  public String metrics() {
    var port = newest().getEnvironment().getRequiredProperty("local.server.port");
    try {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + port + "/actuator/prometheus"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A part of the newest instance, for what happens by the clock. */
  public <T> T bean(Class<T> type) {
    return newest().getBean(type);
  }

  private ConfigurableApplicationContext newest() {
    return instances.getLast();
  }

  public void execute(List<String> statements) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("set search_path to " + SCHEMA);
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public long number(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("set search_path to " + SCHEMA);
      try (var result = statement.executeQuery(sql)) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  /** The rows of a query, each as its columns in text, joined by a space. */
  public List<String> rows(String sql) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("set search_path to " + SCHEMA);
      var rows = new ArrayList<String>();
      try (var result = statement.executeQuery(sql)) {
        while (result.next()) {
          rows.add(
              IntStream.rangeClosed(1, result.getMetaData().getColumnCount())
                  .mapToObj(column -> text(result, column))
                  .collect(Collectors.joining(" ")));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(ResultSet result, int column) {
    try {
      return String.valueOf(result.getString(column));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every figure there is, as text. */
  public String figures() {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("set search_path to " + SCHEMA);
      var figures = new StringBuilder();
      for (var table : FIGURES) {
        try (var rows = statement.executeQuery("select t::text from " + table + " t order by 1")) {
          while (rows.next()) {
            figures.append(table).append(rows.getString(1)).append('\n');
          }
        }
      }
      return figures.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer to a POST of a JSON body. */
  public Answer post(String path, Identity who, String body) {
    var port = newest().getEnvironment().getRequiredProperty("local.server.port");
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Authorization", authorization(who))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public String authorization(Identity who) {
    return newest().getBean(IdentityTokens.class).authorization(who);
  }

  @Override
  public void close() {
    instances.forEach(ConfigurableApplicationContext::close);
    producer.close();
    admin.close(Duration.ZERO);
  }
}
