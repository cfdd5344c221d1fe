package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import io.fanfare.localstack.simulator.Channel;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Broadcasts that are held and let go, by their people, by the operator and by each other. */
class StopAndGoTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Channel EMAIL = Channel.of("email");
  private static final Channel TELEGRAM = Channel.of("telegram");

  private final SharedStack shared = SharedStack.get();
  private final RestClient simulators =
      new RestClient(shared.stack().mailboxUrl(), "no key needed");

  @AfterEach
  void letEverythingGoOn() {
    shared.operator().exchange("DELETE", "/api/v1/stop", null);
    shared.simulators().reset();
  }

  @Test
  void addsUpThroughAHundredPausesAndReachesEverybodyOnce() {
    int contacts = 1_000;
    RestClient api = shared.newTenant("Stop and go");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, contacts, count -> {});
    // Slow, so that there is something left to send after the last round on any machine.
    String bot = bot(walkthrough, 10);
    String broadcast =
        walkthrough.broadcast(
            "Stop and go",
            walkthrough.template("Stop and go"),
            walkthrough.list("Everybody", 0, contacts),
            Map.of("telegram", bot));
    walkthrough.start(broadcast);
    await().atMost(PATIENCE).until(() -> arrivals(TELEGRAM, broadcast).length > 0);
    for (int round = 0; round < 100; round++) {
      api.post("/api/v1/broadcasts/" + broadcast + "/pause", Map.of());
      long paused = now();
      Conservation.check(walkthrough.progress(broadcast));
      if (round % 20 == 0) {
        LockSupport.parkNanos(SECOND_NANOS * 3 / 2);
        assertThat(arrivedBetween(TELEGRAM, broadcast, paused + SECOND_NANOS, now()))
            .as("sent a second after pause %d was answered", round)
            .isZero();
      }
      int before = arrivals(TELEGRAM, broadcast).length;
      api.post("/api/v1/broadcasts/" + broadcast + "/resume", Map.of());
      Conservation.check(walkthrough.progress(broadcast));
      if (round % 5 == 0) {
        // It really sends between two pauses.
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> arrivals(TELEGRAM, broadcast).length > before);
      }
    }
    assertThat(arrivals(TELEGRAM, broadcast).length).isLessThan(contacts);
    api.put("/api/v1/channel-accounts/" + bot, faster());
    List<JsonNode> readings = MainJobTest.awaitEnd(api, broadcast);
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("sent").asLong()).isEqualTo(contacts);
    assertThat(end.get("in_doubt").asLong()).isZero();
    reachedOnce(broadcast, contacts);
    LedgerRecount.of(shared, broadcast).mustEqual(end);
  }

  @Test
  void theOperatorStopsEverythingWithinASecondAndLetsItGoOn() {
    int contacts = 1_500;
    simulators.put(
        "/simulator/faults", Map.of("email", Map.of("stall_share", 1, "stall_millis", 20)));
    RestClient api = shared.newTenant("Stopped");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, contacts, count -> {});
    String broadcast =
        walkthrough.broadcast(
            "Stopped",
            walkthrough.template("Stopped"),
            walkthrough.list("Everybody", 0, contacts),
            Map.of(
                "email",
                walkthrough.emailAccount(
                    "Server", "localhost", shared.simulators().smtp().port(), 0, 8)));
    walkthrough.start(broadcast);
    await().atMost(PATIENCE).until(() -> arrivals(EMAIL, broadcast).length > 50);

    Map<String, String> order = Map.of("reason", "the mail server is on fire");
    assertThat(api.exchange("PUT", "/api/v1/stop", order).status()).isEqualTo(403);
    shared.operator().put("/api/v1/stop", order);
    long stopped = now();
    LockSupport.parkNanos(SECOND_NANOS * 5 / 2);
    assertThat(arrivedBetween(EMAIL, broadcast, stopped + SECOND_NANOS, now())).isZero();
    JsonNode held = walkthrough.progress(broadcast);
    Conservation.check(held);
    assertThat(held.get("sent").asLong()).isLessThan(contacts);
    assertThat(held.get("state").asString()).isEqualTo("running");
    assertThat(held.get("reason").get("code").asString()).isEqualTo("global_stop");
    assertThat(held.get("reason").get("detail").asString()).contains("on fire");
    JsonNode shown = api.get("/api/v1/broadcasts/" + broadcast);
    assertThat(shown.get("reason").get("code").asString()).isEqualTo("global_stop");

    shared.operator().exchange("DELETE", "/api/v1/stop", null).expectSuccess();
    List<JsonNode> readings = MainJobTest.awaitEnd(api, broadcast);
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("sent").asLong()).isEqualTo(contacts);
    assertThat(end.get("in_doubt").asLong()).isZero();
    reachedOnce(broadcast, contacts);
  }

  @Test
  void aBroadcastOfTenIsThroughWithinTheLookAheadBesideOneOfAHundredThousandOnTheSameBot() {
    UUID tenant =
        UUID.fromString(
            shared
                .operator()
                .post("/api/v1/tenants", Map.of("name", "Large and small"))
                .get("id")
                .asString());
    RestClient api = shared.newKey(tenant.toString(), "admin");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, 10, count -> {});
    String template = walkthrough.template("Large and small");
    Map<String, String> bot = Map.of("telegram", bot(walkthrough, 30));
    String large = walkthrough.broadcast("Large", template, largeList(api, tenant, 100_000), bot);
    String small = walkthrough.broadcast("Small", template, walkthrough.list("Small", 0, 10), bot);
    walkthrough.start(large);
    await().atMost(PATIENCE).until(() -> arrivals(TELEGRAM, large).length > 60);

    long started = now();
    walkthrough.start(small);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> arrivals(TELEGRAM, small).length == 10);
    double seconds = (arrivals(TELEGRAM, small)[9] - started) / 1e9;
    System.out.printf(
        "small beside large: 10 messages beside 100,000 at 30/s, the last arrived %.1f s after the"
            + " start: %s%n",
        seconds, since(started, small));
    // The look-ahead of 3 s, the freeze, and the next release.
    assertThat(seconds).isLessThan(5);
    assertThat(walkthrough.progress(large).get("pending").asLong()).isGreaterThan(99_000);
    api.post("/api/v1/broadcasts/" + large + "/cancel", Map.of());
    assertThat(MainJobTest.awaitEnd(api, small).getLast().get("sent").asLong()).isEqualTo(10);
  }

  /** Where the time went. */
  private String since(long started, String broadcast) {
    String steps =
        """
        select extract(epoch from (select frozen_at from audience_service.audience_freeze
                                   where broadcast_id = h.broadcast_id)) as frozen,
               extract(epoch from min(h.handed_over_at)) as first,
               extract(epoch from max(h.published_at)) as last
        from audience_service.handover h where broadcast_id = ? group by broadcast_id
        """;
    try (Connection connection = DriverManager.getConnection(shared.stack().databaseUrl());
        PreparedStatement statement = connection.prepareStatement(steps)) {
      statement.setObject(1, UUID.fromString(broadcast));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return String.format(
            "frozen %.1f s, first handed over %.1f s, last published %.1f s, first arrived %.1f s",
            row.getDouble("frozen") - started / 1e9,
            row.getDouble("first") - started / 1e9,
            row.getDouble("last") - started / 1e9,
            (arrivals(TELEGRAM, broadcast)[0] - started) / 1e9);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String bot(Walkthrough walkthrough, int ratePerSecond) {
    return walkthrough.telegramAccount(
        "Bot " + ratePerSecond,
        "http://localhost:" + shared.simulators().telegram().port(),
        "1:bot",
        ratePerSecond);
  }

  private Map<String, Object> faster() {
    String url = "http://localhost:" + shared.simulators().telegram().port();
    return Map.of(
        "channel",
        "telegram",
        "name",
        "Faster bot",
        "settings",
        Map.of("api_url", url, "allow_paid_broadcast", true),
        "rate_per_second",
        1_000);
  }

  /** Contacts straight into the database: how they got there is not what is measured. */
  private String largeList(RestClient api, UUID tenant, int contacts) {
    String list = api.post("/api/v1/lists", Map.of("name", "Large")).get("id").asString();
    String insert =
        """
        with made as (
          insert into audience_service.contact (tenant_id, external_id, name, telegram_chat_id)
          select ?, 'large-' || i, 'Contact ' || i, 5000000000 + i
          from generate_series(1, ?) i returning id
        ), joined as (
          insert into audience_service.list_member select ?, id from made returning 1
        )
        select count(*) from joined
        """;
    try (Connection connection = DriverManager.getConnection(shared.stack().databaseUrl());
        PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setObject(1, tenant);
      statement.setInt(2, contacts);
      statement.setObject(3, UUID.fromString(list));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(contacts);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return list;
  }

  private void reachedOnce(String broadcast, int contacts) {
    JsonNode report = simulators.get("/simulator/report?marker=" + broadcast);
    assertThat(report.get("distinct").asLong()).isEqualTo(contacts);
    assertThat(report.get("duplicates").asLong()).as("sent twice").isZero();
  }

  private long[] arrivals(Channel channel, String broadcast) {
    return shared.simulators().log().arrivals(channel, broadcast);
  }

  private long arrivedBetween(Channel channel, String broadcast, long from, long to) {
    return Arrays.stream(arrivals(channel, broadcast)).filter(at -> at > from && at < to).count();
  }

  /** By the clock of the providers' log. */
  private static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }
}
