package io.fanfare.broadcast.broadcast.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.broadcast.AudienceChoice;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Doing;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Due;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Engagement;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Given;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.HandOrder;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Ledger;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Order;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Own;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.OwnEntry;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Retries;
import io.fanfare.broadcast.broadcast.recipient.TimelinePlanner.Planned;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelinePlannerTest {

  private static final UUID LETTER = UUID.randomUUID();
  private static final AudienceChoice.Part LIST =
      new AudienceChoice.Part(Audience.Kind.LIST, UUID.randomUUID());
  private static final AudienceChoice.Part SEGMENT =
      new AudienceChoice.Part(Audience.Kind.SEGMENT, UUID.randomUUID());

  @Test
  void tellsOfARecipientThatWasPutOffTriedGivenUpAndOrderedAgain() {
    Planned planned =
        plan(
            false,
            List.of(LIST, SEGMENT),
            List.of(
                own("put_off", null, null, "quiet_hours", 1, 60),
                own("released", 2, 1, null, 60, null),
                own("retry_due", 2, 2, null, 75, null)),
            List.of(
                order(1, 1, 61, "retrying", 62, "450 try later"),
                order(2, 2, 76, "dead", 77, "450 try later"),
                order(3, 1, 91, "sent", 92, null)),
            new Retries(
                List.of(),
                List.of(new Given(LETTER, "email", 2, "dead", at(77))),
                List.of(new HandOrder("email", 3, "requeue", "key:7", at(90)))),
            List.of(new Doing("email", "clicked", at(100), 2, null, null, false)));

    assertThat(planned.events())
        .extracting(Timeline.Event::what)
        .containsExactly(
            "planned",
            "put_off",
            "released",
            "claimed",
            "retrying",
            "retry_due",
            "claimed",
            "dead",
            "dead_letter",
            "requeue",
            "claimed",
            "sent",
            "clicked");
    Timeline.Event first = planned.events().getFirst();
    assertThat(first.at()).isEqualTo(at(0));
    assertThat(first.variant()).isEqualTo("b");
    assertThat(first.through()).isEqualTo(new Timeline.Through(2, SEGMENT));
    assertThat(planned.events().get(1).until()).isEqualTo(at(60));
    assertThat(planned.events().get(4).reason().detail()).isEqualTo("450 try later");
    assertThat(planned.events().get(8).link()).isEqualTo("/api/v1/dead-letters/" + LETTER);
    assertThat(planned.events().get(9).by()).isEqualTo("key:7");
    assertThat(planned.events().getLast().link()).isEqualTo("2");
    assertThat(planned.recipients())
        .singleElement()
        .satisfies(recipient -> {
          assertThat(recipient.state()).isEqualTo(RecipientState.SENT);
          assertThat(recipient.attempts()).isEqualTo(1);
        });
  }

  @Test
  void whatOneCommandWentThroughStaysInOrderWhereClocksDiffer() {
    Planned planned =
        plan(
            false,
            List.of(LIST),
            List.of(),
            List.of(order(1, 1, 10, "retrying", 9, "later"), order(2, 2, 8, "sent", 12, null)),
            new Retries(List.of(), List.of(), List.of()),
            List.of());

    assertThat(planned.events())
        .extracting(event -> event.what() + " " + event.issue())
        .containsExactly("planned null", "claimed 1", "retrying 1", "claimed 2", "sent 2");
  }

  @Test
  void whoFellBackIsPlannedOnTheNextChannelFromThenOn() {
    Order refused =
        new Order(
            "telegram",
            1,
            1,
            "a",
            1,
            RecipientState.IN_FLIGHT,
            at(5),
            "fell_back",
            at(6),
            new Cause("bot_blocked", "blocked", "403"),
            null,
            null);
    Planned planned =
        plan(
            true,
            List.of(LIST),
            List.of(own("skipped", null, null, "no_address", 7, null)),
            List.of(refused),
            new Retries(List.of(), List.of(), List.of()),
            List.of());

    assertThat(planned.events())
        .extracting(event -> event.channel() + " " + event.what())
        .containsExactly(
            "telegram planned",
            "telegram claimed",
            "telegram fell_back",
            "email planned",
            "email skipped");
    assertThat(planned.recipients())
        .extracting(Recipient::state)
        .containsExactly(RecipientState.FELL_BACK, RecipientState.SKIPPED);
  }

  @Test
  void whatWasReturnedUntriedLeavesARecipientWhereItWas() {
    Retries retries =
        new Retries(List.of(new Due("email", 3, 2, at(400), false)), List.of(), List.of());
    Planned retrying =
        plan(
            false,
            List.of(LIST),
            List.of(),
            List.of(
                order(1, 1, 5, "rate_limited", 6, "too fast"),
                order(2, 1, 7, "returned", 8, "stale")),
            retries,
            List.of());
    Planned pending =
        plan(
            false,
            List.of(LIST),
            List.of(
                own("released", 1, 1, null, 4, null),
                own("pending", 2, null, "not_due", null, 900)),
            List.of(order(1, 1, 5, "returned", 6, "stale")),
            new Retries(List.of(), List.of(), List.of()),
            List.of());

    assertThat(retrying.recipients().getFirst().state()).isEqualTo(RecipientState.RETRYING);
    assertThat(retrying.recipients().getFirst().until()).isEqualTo(at(400));
    assertThat(retrying.events().getLast().what()).isEqualTo("retry_due");
    assertThat(pending.recipients().getFirst().state()).isEqualTo(RecipientState.PENDING);
    assertThat(pending.recipients().getFirst().until()).isEqualTo(at(900));
    assertThat(pending.events().getLast().what()).isEqualTo("pending");
  }

  @Test
  void whoeverNobodyKnowsIsNoRecipient() {
    Planned planned =
        plan(
            false,
            List.of(LIST),
            List.of(own("address_taken", null, null, "duplicate_address", null, null)),
            List.of(),
            new Retries(List.of(), List.of(), List.of()),
            List.of());

    assertThat(planned.recipients()).isEmpty();
    assertThat(planned.events()).isEmpty();
  }

  private static Planned plan(
      boolean fallsBack,
      List<AudienceChoice.Part> audience,
      List<OwnEntry> own,
      List<Order> orders,
      Retries retries,
      List<Doing> doings) {
    return TimelinePlanner.plan(
        new TimelineFacts(
            List.of("telegram", "email"),
            fallsBack,
            audience,
            new Own(at(0), List.of(), own),
            new Ledger(orders, false),
            retries,
            new Engagement(doings, false)),
        4_711);
  }

  private static OwnEntry own(
      String kind,
      @Nullable Integer issue,
      @Nullable Integer attempt,
      @Nullable String reason,
      @Nullable Integer at,
      @Nullable Integer until) {
    return new OwnEntry(
        kind,
        "email",
        null,
        null,
        issue,
        attempt,
        reason,
        at == null ? null : at(at),
        until == null ? null : at(until),
        false);
  }

  private static Order order(
      int issue, int attempt, int claimedAt, String outcome, int at, @Nullable String words) {
    return new Order(
        "email",
        issue,
        attempt,
        "b",
        2,
        RecipientState.IN_FLIGHT,
        at(claimedAt),
        outcome,
        at(at),
        words == null ? null : new Cause("code", words, null),
        null,
        null);
  }

  private static Instant at(int second) {
    return Instant.parse("2026-05-01T09:00:00Z").plusSeconds(second);
  }
}
