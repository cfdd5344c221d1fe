package io.fanfare.retry;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Controls and results as the other services publish them. */
public final class Deliveries {

  public static final UUID TENANT = UUID.fromString("018f0000-0000-7000-8000-000000000001");
  public static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC);
  public static final Duration LONG = Duration.ofSeconds(300);
  public static final Duration SHORT = Duration.ofMillis(100);

  private static final UUID ACCOUNT = UUID.fromString("018f0000-0000-7000-8000-000000000003");
  private static final Lane LANE = new Lane(ACCOUNT, 1);

  private Deliveries() {}

  public static BroadcastControl control(
      UUID broadcast, long epoch, BroadcastState state, Duration... delays) {
    return control(broadcast, epoch, state, DeliveryPolicy.NEVER_TWICE, delays);
  }

  public static BroadcastControl control(
      UUID broadcast, long epoch, BroadcastState state, DeliveryPolicy policy, Duration... delays) {
    return new BroadcastControl(
        broadcast,
        TENANT,
        "Spring news",
        epoch,
        state,
        UUID.randomUUID(),
        List.of(new ChannelPlan(Channel.EMAIL, ACCOUNT, 8, List.of())),
        policy,
        SendClass.BULK,
        DAY,
        List.of(delays),
        Map.of(),
        Instant.now());
  }

  /** A result of attempt and issue alike. */
  public static DeliveryEvent event(
      UUID broadcast, long contact, int issue, Bucket before, Outcome outcome) {
    return event(broadcast, contact, issue, issue, before, outcome, null);
  }

  public static DeliveryEvent event(
      UUID broadcast,
      long contact,
      int issue,
      int attempt,
      Bucket before,
      Outcome outcome,
      @Nullable Instant retryAt) {
    return new DeliveryEvent(
        DeliveryEvent.idOf(broadcast, contact, Channel.EMAIL, issue, outcome),
        outcome,
        TENANT,
        broadcast,
        contact,
        Channel.EMAIL,
        issue,
        attempt,
        before,
        DAY,
        LANE,
        "a",
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        outcome == Outcome.SENT ? null : new Cause("code_" + contact % 2, "no luck", "4.2.2"),
        retryAt,
        null);
  }
}
