package io.fanfare.retry;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.localstack.testing.KafkaProbe;
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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service on a database of its own, any number of instances, and what tests ask of it. */
public final class RetryUnderTest implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final JsonMapper JSON = new JsonMapper();

  private final TestDatabase database = TestInfrastructure.freshDatabase();
  private final Deque<ConfigurableApplicationContext> instances = new ArrayDeque<>();
  private final EventProducer producer =
      new EventProducer(TestInfrastructure.bootstrapServers(), "test");
  private final KafkaProbe probe = KafkaProbe.ofTestBroker();
  private final KafkaConsumer<byte[], byte[]> reader =
      new KafkaConsumer<>(
          Map.of(
              "bootstrap.servers", TestInfrastructure.bootstrapServers(), "fetch.max.wait.ms", 20),
          new ByteArrayDeserializer(),
          new ByteArrayDeserializer());
  private final List<Announcement> announcements = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts one more instance. */
  public void start(String... settings) {
    var args =
        new ArrayList<>(
            List.of(
                "--FANFARE_PORT=0",
                "--FANFARE_DATABASE_URL=" + database.jdbcUrl(),
                "--FANFARE_DATABASE_USERNAME=" + database.username(),
                "--FANFARE_DATABASE_PASSWORD=" + database.password(),
                "--FANFARE_KAFKA_BOOTSTRAP_SERVERS=" + TestInfrastructure.bootstrapServers(),
                "--FANFARE_IDENTITY_KEY=" + Base64.getEncoder().encodeToString(new byte[32]),
                "--FANFARE_TOPIC_PARTITIONS=4",
                "--fanfare.retry.measure-interval=100ms",
                "--fanfare.retry.announce-interval=20ms"));
    args.addAll(Arrays.asList(settings));
    instances.add(
        ServiceLauncher.builder(RetryApplication.class, RetryApplication.NAME)
            .run(args.toArray(String[]::new)));
  }

  /** Stops the oldest instance. */
  public void stopOldest() {
    instances.removeFirst().close();
  }

  public void publish(BroadcastControl control) {
    producer.send(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), control).join();
  }

  /** The operator stops all sending or lets it go on, and it is known. */
  public void stopAll(boolean stopped, long epoch) {
    producer
        .send(
            Topics.BROADCAST_CONTROL,
            GlobalStop.KEY,
            new GlobalStop(epoch, stopped, stopped ? "a test" : null, Instant.now()))
        .join();
    await("select count(*) from global_stop where epoch = " + epoch, 1);
  }

  /** Publishes results in this order. */
  public void publish(DeliveryEvent... events) {
    publish(List.of(events));
  }

  /** Publishes results in this order. */
  public void publish(List<DeliveryEvent> events) {
    events.stream()
        .map(
            event -> producer.send(Topics.DELIVERY_EVENTS, Long.toString(event.contactId()), event))
        .toList()
        .forEach(sent -> sent.join());
  }

  /** Waits for a control to be known. */
  public void awaitPolicy(BroadcastControl control) {
    await(
        "select count(*) from broadcast_policy where broadcast_id = '%s' and epoch = %d"
            .formatted(control.broadcastId(), control.epoch()),
        1);
  }

  /** Publishes controls of as many broadcasts at once, and waits for them to be known. */
  public void publishAndAwait(List<BroadcastControl> controls) {
    controls.stream()
        .map(control ->
            producer.send(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), control))
        .toList()
        .forEach(sent -> sent.join());
    await(
        controls.stream()
            .map(control -> "'" + control.broadcastId() + "'")
            .collect(
                Collectors.joining(
                    ",", "select count(*) from broadcast_policy where broadcast_id in (", ")")),
        controls.size());
  }

  /** An announcement, and when the broker was given it. */
  public record Announcement(RetryDue due, long atMillis) {}

  /** Every announcement made so far; read on from where the last call ended. */
  public List<Announcement> announcements() {
    if (reader.assignment().isEmpty()) {
      reader.assign(
          reader.partitionsFor(Topics.DELIVERY_RETRY_DUE.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      reader.seekToBeginning(reader.assignment());
    }
    var ends = reader.endOffsets(reader.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
      reader
          .poll(Duration.ofMillis(50))
          .forEach(record ->
              announcements.add(
                  new Announcement(
                      EventCodec.decode(RetryDue.class, record.value()), record.timestamp())));
    }
    return announcements;
  }

  public List<Announcement> announcements(UUID broadcast) {
    return announcements().stream()
        .filter(one -> one.due().broadcastId().equals(broadcast))
        .toList();
  }

  /** Waits for announcements of a broadcast that satisfy a condition. */
  public List<Announcement> awaitAnnouncements(
      UUID broadcast, Predicate<List<Announcement>> condition) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> announcements(broadcast), condition);
  }

  public void await(String query, long expected) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> number(query), found -> found == expected);
  }

  public long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  /** The first column of the first row. */
  public String text(String query) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("set search_path to retry_service");
      try (var result = statement.executeQuery(query)) {
        result.next();
        return String.valueOf(result.getString(1));
      }
    }
  }

  /** Results that are published and not handled yet. */
  public long lag() {
    try (var admin =
        Admin.create(Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()))) {
      var committed =
          admin
              .listConsumerGroupOffsets(Topics.Groups.RETRY_DELIVERY)
              .partitionsToOffsetAndMetadata()
              .get();
      var partitions =
          reader.partitionsFor(Topics.DELIVERY_EVENTS.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      return reader.endOffsets(partitions).entrySet().stream()
          .mapToLong(end -> {
            var offset = committed.get(end.getKey());
            return end.getValue() - (offset == null ? 0 : offset.offset());
          })
          .sum();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public KafkaProbe probe() {
    return probe;
  }

  /** The answer's status and body. */
  public record Answer(int status, JsonNode body) {

    public String code() {
      return body.path("code").asString("");
    }
  }

  public Answer get(UUID tenant, String path) {
    return exchange(tenant, Role.VIEWER, "GET", path, "");
  }

  public Answer post(UUID tenant, String path, String body) {
    return exchange(tenant, Role.SENDER, "POST", path, body);
  }

  /** As the operator, who belongs to no tenant. */
  public Answer operate(String method, String path, String body) {
    return exchange(null, Role.OPERATOR, method, path, body);
  }

  public Answer exchange(
      @Nullable UUID tenant, Role role, String method, String path, String body) {
    var newest = instances.getLast();
    var authorization =
        newest.getBean(IdentityTokens.class).authorization(new Identity(tenant, "key:test", role));
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return send(request);
  }

  public Answer withoutIdentity(String method, String path) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  public String metrics() {
    try {
      return http.send(
              HttpRequest.newBuilder(uri("/actuator/prometheus")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Answer send(HttpRequest request) {
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), JSON.readTree(response.body().isEmpty() ? "{}" : response.body()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private URI uri(String path) {
    var port = instances.getLast().getEnvironment().getRequiredProperty("local.server.port");
    return URI.create("http://localhost:" + port + path);
  }

  @Override
  public void close() {
    instances.forEach(ConfigurableApplicationContext::close);
    producer.close();
    probe.close();
    reader.close();
  }
}
