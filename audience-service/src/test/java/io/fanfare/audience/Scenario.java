package io.fanfare.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.contract.tenant.TenantLimits;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One tenant with contacts, lists, accounts and broadcasts; broadcast-api as this service sees it.
 */
public final class Scenario {

  private final AudienceService audience;
  private final UUID tenant = Ids.next();

  public Scenario(AudienceService audience) {
    this.audience = audience;
  }

  public UUID tenant() {
    return tenant;
  }

  /** Contacts {@code <prefix>-1@example.org} … with a chat id each; answers their ids. */
  public List<Long> contacts(int count) {
    return audience
        .jdbc()
        .queryForList(
            """
            insert into contact (tenant_id, external_id, name, email, telegram_chat_id, custom)
            select ?, 'c-' || i || '-' || r, 'Name ' || i, 'c' || i || '-' || r || '@example.org',
                   i + (r * 1000000000)::bigint, jsonb_build_object('grade', i, 'secret', 'x')
            from (select random() as r) x, generate_series(1, ?) i
            returning id
            """,
            Long.class,
            tenant,
            count);
  }

  public UUID list(List<Long> contactIds) {
    UUID id = Ids.next();
    audience
        .jdbc()
        .update(
            "insert into contact_list (id, tenant_id, name, contacts) values (?, ?, 'list', ?)",
            id,
            tenant,
            contactIds.size());
    audience
        .jdbc()
        .update(
            "insert into list_member select ?, unnest(?::bigint[])",
            id,
            contactIds.toArray(Long[]::new));
    return id;
  }

  /** Makes an account known, and waits until it is. */
  public UUID account(Channel channel, int shards, int ratePerSecond) {
    UUID id = Ids.next();
    account(id, channel, shards, ratePerSecond);
    return id;
  }

  /** Makes an account known that was planned with before. */
  public void account(UUID id, Channel channel, int shards, int ratePerSecond) {
    audience.publish(
        Topics.CHANNEL_ACCOUNT,
        id.toString(),
        new ChannelAccount(
            id, tenant, channel, "account", 1, shards, ratePerSecond, Map.of(), null));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                .jdbc()
                .queryForObject(
                    "select exists (select from channel_account where account_id = ?)",
                    Boolean.class,
                    id));
  }

  public static ChannelPlan plan(Channel channel, UUID account, int shards) {
    return new ChannelPlan(
        channel, account, shards, List.of("contact.name", "contact.custom.grade"));
  }

  public BroadcastControl start(UUID listId, ChannelPlan... plans) {
    return begin(BroadcastState.RUNNING, listId, plans);
  }

  /** A broadcast to several lists or segments. */
  public BroadcastControl start(Audience whom, ChannelPlan... plans) {
    BroadcastControl plain =
        control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, Ids.next(), plans);
    BroadcastControl control =
        new BroadcastControl(
            plain.broadcastId(),
            plain.tenantId(),
            plain.name(),
            plain.epoch(),
            plain.state(),
            null,
            plain.channels(),
            plain.policy(),
            plain.sendClass(),
            plain.ledgerDay(),
            plain.retryDelays(),
            plain.variables(),
            plain.startedAt(),
            null,
            null,
            null,
            null,
            whom);
    publish(control);
    return control;
  }

  /** Gives the tenant a rate, and waits until it is known. */
  public void tenantRate(int ratePerMinute, long version) {
    audience.publish(
        Topics.TENANT_LIMITS, tenant.toString(), new TenantLimits(tenant, version, ratePerMinute));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                    .jdbc()
                    .queryForList(
                        "select 1 from tenant_pace where tenant_id = ? and version = ?",
                        Integer.class,
                        tenant,
                        version)
                    .size()
                == 1);
  }

  /** The operator stops all sending or lets it go on, and the service knows. */
  public void stopAll(boolean stopped, long epoch) {
    audience.publish(
        Topics.BROADCAST_CONTROL,
        GlobalStop.KEY,
        new GlobalStop(epoch, stopped, stopped ? "a test" : null, Instant.now()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                    .jdbc()
                    .queryForList("select 1 from global_stop where epoch = ?", Integer.class, epoch)
                    .size()
                == 1);
  }

  /** A broadcast with a rate of its own. */
  public BroadcastControl paced(int ratePerMinute, UUID listId, ChannelPlan... plans) {
    BroadcastControl plain =
        control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, listId, plans);
    BroadcastControl paced =
        new BroadcastControl(
            plain.broadcastId(),
            plain.tenantId(),
            plain.name(),
            plain.epoch(),
            plain.state(),
            plain.listId(),
            plain.channels(),
            plain.policy(),
            plain.sendClass(),
            plain.ledgerDay(),
            plain.retryDelays(),
            plain.variables(),
            plain.startedAt(),
            ratePerMinute,
            null,
            null,
            null,
            plain.audience());
    publish(paced);
    return paced;
  }

  /** A broadcast that uses its channels in their order. */
  public BroadcastControl fallback(UUID listId, ChannelPlan... plans) {
    return fallback(null, listId, plans);
  }

  /** The same with a test. */
  public BroadcastControl fallback(@Nullable AbTest test, UUID listId, ChannelPlan... plans) {
    BroadcastControl plain =
        control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, listId, plans);
    BroadcastControl fallback =
        new BroadcastControl(
            plain.broadcastId(),
            plain.tenantId(),
            plain.name(),
            plain.epoch(),
            plain.state(),
            plain.listId(),
            plain.channels(),
            plain.policy(),
            plain.sendClass(),
            plain.ledgerDay(),
            plain.retryDelays(),
            plain.variables(),
            plain.startedAt(),
            null,
            ChannelMode.FALLBACK,
            test,
            null,
            plain.audience());
    publish(fallback);
    return fallback;
  }

  /**
   * A test of variants {@code a}, {@code b} … with these shares; the rest of the audience is held
   * back.
   *
   * @param delay of the last variant; null: none
   */
  public static AbTest test(@Nullable Duration delay, int... percents) {
    List<AbTest.Variant> variants = new ArrayList<>();
    int held = 100;
    for (int i = 0; i < percents.length; i++) {
      String id = Character.toString('a' + i);
      Duration after = i == percents.length - 1 ? delay : null;
      variants.add(new AbTest.Variant(id, "Variant " + id, percents[i], after));
      held -= percents[i];
    }
    return new AbTest(
        variants,
        held,
        Channel.EMAIL,
        AbTest.Metric.CLICK,
        null,
        List.of(1.0),
        Duration.ofHours(1),
        1,
        0.05,
        AbTest.Decision.AUTO,
        "a");
  }

  /** A broadcast that tests, started at this moment. */
  public BroadcastControl tested(AbTest test, UUID listId, ChannelPlan... plans) {
    BroadcastControl tested = testing(test, listId, plans);
    publish(tested);
    return tested;
  }

  /** The same; nobody has told the service yet. */
  public BroadcastControl testing(AbTest test, UUID listId, ChannelPlan... plans) {
    return with(
        control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, listId, plans),
        1,
        BroadcastState.RUNNING,
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        test,
        null);
  }

  /** A broadcast whose contacts get it at a time of their own. */
  public BroadcastControl timed(
      SendTime time, Instant startedAt, @Nullable AbTest test, UUID listId, ChannelPlan... plans) {
    BroadcastControl plain =
        control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, listId, plans);
    BroadcastControl timed =
        new BroadcastControl(
            plain.broadcastId(),
            plain.tenantId(),
            plain.name(),
            plain.epoch(),
            plain.state(),
            plain.listId(),
            plain.channels(),
            plain.policy(),
            plain.sendClass(),
            plain.ledgerDay(),
            plain.retryDelays(),
            plain.variables(),
            startedAt,
            null,
            null,
            test,
            null,
            plain.audience(),
            plain.category(),
            time);
    publish(timed);
    return timed;
  }

  /** The test has a winner; nobody has told the service yet. */
  public BroadcastControl decided(BroadcastControl control, String winner) {
    return with(
        control,
        control.epoch() + 1,
        control.state(),
        control.startedAt(),
        control.abTest(),
        winner);
  }

  private static BroadcastControl with(
      BroadcastControl control,
      long epoch,
      BroadcastState state,
      @Nullable Instant startedAt,
      @Nullable AbTest test,
      @Nullable String winner) {
    return new BroadcastControl(
        control.broadcastId(),
        control.tenantId(),
        control.name(),
        epoch,
        state,
        control.listId(),
        control.channels(),
        control.policy(),
        control.sendClass(),
        control.ledgerDay(),
        control.retryDelays(),
        control.variables(),
        startedAt,
        control.ratePerMinute(),
        control.channelMode(),
        test,
        winner,
        control.audience(),
        control.category(),
        control.sendTime());
  }

  /** The same of a category; nobody has told the service yet. */
  public static BroadcastControl of(String category, BroadcastControl control) {
    return new BroadcastControl(
        control.broadcastId(),
        control.tenantId(),
        control.name(),
        control.epoch(),
        control.state(),
        control.listId(),
        control.channels(),
        control.policy(),
        control.sendClass(),
        control.ledgerDay(),
        control.retryDelays(),
        control.variables(),
        control.startedAt(),
        control.ratePerMinute(),
        control.channelMode(),
        control.abTest(),
        control.winner(),
        control.audience(),
        category,
        control.sendTime());
  }

  /** A broadcast of a category. */
  public BroadcastControl start(String category, UUID listId, ChannelPlan... plans) {
    BroadcastControl control =
        of(category, control(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, listId, plans));
    publish(control);
    return control;
  }

  /** Makes categories. */
  public void categories(boolean mandatory, String... names) {
    for (String name : names) {
      audience
          .jdbc()
          .update(
              "insert into category (id, tenant_id, name, title, mandatory) values (?, ?, ?, ?, ?)",
              Ids.next(),
              tenant,
              name,
              "The " + name,
              mandatory);
    }
  }

  /** A broadcast that is in this state when the service first hears of it. */
  public BroadcastControl begin(BroadcastState state, UUID listId, ChannelPlan... plans) {
    return begin(state, DeliveryPolicy.NEVER_TWICE, listId, plans);
  }

  /** The same with a policy; a recipient has two attempts. */
  public BroadcastControl begin(
      BroadcastState state, DeliveryPolicy policy, UUID listId, ChannelPlan... plans) {
    BroadcastControl control = control(state, policy, listId, plans);
    publish(control);
    return control;
  }

  /** A broadcast that carries single messages, and resends what is in doubt. */
  public BroadcastControl messages(ChannelPlan plan) {
    BroadcastControl plain =
        control(BroadcastState.RUNNING, DeliveryPolicy.AT_LEAST_ONCE, null, plan);
    return new BroadcastControl(
        plain.broadcastId(),
        plain.tenantId(),
        plain.name(),
        plain.epoch(),
        plain.state(),
        plain.listId(),
        plain.channels(),
        plain.policy(),
        SendClass.PRIORITY,
        plain.ledgerDay(),
        plain.retryDelays(),
        plain.variables(),
        plain.startedAt());
  }

  /** A message of such a broadcast was accepted. */
  public MessageAccepted accept(BroadcastControl carrier, long contact, Map<String, Object> vars) {
    ChannelPlan plan = carrier.channels().getFirst();
    MessageAccepted message =
        new MessageAccepted(
            Ids.next(),
            tenant,
            carrier.broadcastId(),
            contact,
            plan.channel(),
            Lane.of(plan.accountId(), contact, plan.shards()),
            vars,
            Instant.parse("2026-11-23T07:00:00Z"));
    audience.publish(Topics.MESSAGE_ACCEPTED, message.lane().key(), message);
    return message;
  }

  private BroadcastControl control(
      BroadcastState state, DeliveryPolicy policy, UUID listId, ChannelPlan... plans) {
    return new BroadcastControl(
        Ids.next(),
        tenant,
        "Test",
        1,
        state,
        listId,
        List.of(plans),
        policy,
        SendClass.BULK,
        LocalDate.parse("2026-11-23"),
        List.of(Duration.ofSeconds(10)),
        Map.of(),
        Instant.parse("2026-11-23T07:00:00Z"));
  }

  /** The broadcast moves to another state. */
  public BroadcastControl move(BroadcastControl control, BroadcastState state) {
    BroadcastControl moved =
        with(
            control,
            control.epoch() + 1,
            state,
            control.startedAt(),
            control.abTest(),
            control.winner());
    publish(moved);
    return moved;
  }

  /** The broadcast moves to another state, and the service knows. */
  public BroadcastControl moveAndAwait(BroadcastControl control, BroadcastState state) {
    BroadcastControl moved = move(control, state);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                    .jdbc()
                    .queryForList(
                        "select 1 from broadcast_run where broadcast_id = ? and epoch = ?",
                        Integer.class,
                        moved.broadcastId(),
                        moved.epoch())
                    .size()
                == 1);
    return moved;
  }

  public void publish(BroadcastControl control) {
    audience.publish(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), control);
  }

  /** The progress, which must add up whenever it is read. */
  public JsonNode progress(BroadcastControl control) {
    AudienceService.Answer answer =
        audience.get(tenant, "/api/v1/broadcasts/" + control.broadcastId() + "/progress");
    assertThat(answer.status()).isEqualTo(200);
    assertConserved(answer.body());
    answer.body().path("channels").forEach(Scenario::assertConserved);
    return answer.body();
  }

  private static void assertConserved(JsonNode counters) {
    long sum = 0;
    for (String bucket :
        List.of(
            "pending",
            "in_flight",
            "retrying",
            "sent",
            "failed",
            "dead",
            "in_doubt",
            "skipped",
            "cancelled")) {
      long count = counters.path(bucket).asLong();
      assertThat(count).as("%s of %s", bucket, counters).isNotNegative();
      sum += count;
    }
    assertThat(sum).as("sum of %s", counters).isEqualTo(counters.path("planned").asLong());
  }

  public JsonNode awaitProgress(BroadcastControl control, Predicate<JsonNode> condition) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> knownNot(control) ? null : progress(control),
            p -> p != null && condition.test(p));
  }

  public boolean knownNot(BroadcastControl control) {
    return audience
            .get(tenant, "/api/v1/broadcasts/" + control.broadcastId() + "/progress")
            .status()
        == 404;
  }

  public JsonNode awaitFrozen(BroadcastControl control) {
    return awaitProgress(control, progress -> progress.path("frozen").asBoolean());
  }

  /** Waits for a signal of one kind about the broadcast. */
  public BroadcastSignal awaitSignal(BroadcastControl control, BroadcastSignal.Signal signal) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return signals(
              control,
              probe.await(
                  "broadcast.signal",
                  Duration.ofSeconds(20),
                  records ->
                      signals(control, records).stream().anyMatch(s -> s.signal() == signal)))
          .stream()
          .filter(s -> s.signal() == signal)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Every signal there has been about the broadcast. */
  public List<BroadcastSignal> signals(BroadcastControl control) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return signals(control, probe.readAll("broadcast.signal"));
    }
  }

  private static List<BroadcastSignal> signals(
      BroadcastControl control,
      List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> EventCodec.decode(BroadcastSignal.class, record.value()))
        .filter(signal -> signal.broadcastId().equals(control.broadcastId()))
        .toList();
  }

  /** Commands of the lane that are released and without a result, as the release counts them. */
  public long outstanding(Lane lane) {
    return audience
        .jdbc()
        .queryForObject(
            """
            select l.issued - coalesce((select results from lane_result r
                                        where r.account_id = l.account_id and r.shard = l.shard), 0)
            from lane l where account_id = ? and shard = ?
            """,
            Long.class,
            lane.accountId(),
            lane.shard());
  }
}
