package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.recipient.Timeline.Event;
import io.fanfare.broadcast.broadcast.recipient.Timeline.Through;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Doing;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Due;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Given;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.HandOrder;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.Order;
import io.fanfare.broadcast.broadcast.recipient.TimelineFacts.OwnEntry;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the owners know of one contact into the order of time. Their clocks differ by little;
 * where they do, what one command went through stays in its own order.
 */
final class TimelinePlanner {

  /** An event and where it stands: what happened at one instant happened in the order of rank. */
  private record Placed(Instant at, int rank, Event event) {}

  private static final Comparator<Placed> ORDER =
      Comparator.comparing(Placed::at).thenComparingInt(Placed::rank);

  private static final int PLANNED = 0;
  private static final int DECIDED = 1;
  private static final int ORDERED = 2;
  private static final int RELEASED = 3;
  private static final int TRIED = 4;
  private static final int FALLEN_BACK = 5;
  private static final int GIVEN_UP = 6;
  private static final int DONE = 7;
  private static final int WAITS = 8;

  private final TimelineFacts facts;
  private final List<Placed> events = new ArrayList<>();
  private final List<Recipient> recipients = new ArrayList<>();

  private TimelinePlanner(TimelineFacts facts) {
    this.facts = facts;
  }

  /** Where the contact stands on each channel it was planned on, and how it came to stand there. */
  record Planned(List<Recipient> recipients, List<Event> events) {}

  static Planned plan(TimelineFacts facts, long contactId) {
    TimelinePlanner planner = new TimelinePlanner(facts);
    for (String channel : planner.channels()) {
      planner.add(channel, contactId);
    }
    return new Planned(
        List.copyOf(planner.recipients),
        planner.events.stream().sorted(ORDER).map(Placed::event).toList());
  }

  /** Those the contact was planned on, in the order of the broadcast. */
  private Set<String> channels() {
    Set<String> planned = new LinkedHashSet<>();
    Stream.concat(
            facts.own().entries().stream()
                .filter(entry -> !entry.kind().equals("address_taken"))
                .map(OwnEntry::channel),
            facts.ledger().orders().stream().map(Order::channel))
        .sorted(Comparator.comparingInt(channel -> facts.channels().indexOf(channel)))
        .forEach(planned::add);
    return planned;
  }

  private void add(String channel, long contactId) {
    List<OwnEntry> own =
        facts.own().entries().stream().filter(entry -> entry.channel().equals(channel)).toList();
    List<Order> orders =
        facts.ledger().orders().stream()
            .filter(order -> order.channel().equals(channel))
            .sorted(Comparator.comparingInt(Order::issue))
            .toList();
    String variant =
        first(orders.stream().map(Order::variant), own.stream().map(OwnEntry::variant));
    addPlanned(channel, variant, own, orders);
    own.forEach(this::addOwn);
    addOrders(orders);
    addRetries(channel, own);
    for (Doing doing : facts.engagement().events()) {
      if (doing.channel().equals(channel)) {
        place(
            DONE,
            Event.of(doing.at(), channel, doing.kind())
                .done(doing.name(), doing.value(), Boolean.TRUE.equals(doing.machine()))
                .linking(doing.link() == null ? null : doing.link().toString()));
      }
    }
    recipients.add(standing(channel, contactId, variant, own, orders));
  }

  private void addPlanned(
      String channel, @Nullable String variant, List<OwnEntry> own, List<Order> orders) {
    Integer segment =
        first(orders.stream().map(Order::segment), own.stream().map(OwnEntry::segment));
    if (segment == null && facts.audience().size() == 1) {
      segment = 1;
    } else if (segment == null) {
      segment = facts.own().parts().stream().filter(part -> part > 0).findFirst().orElse(null);
    }
    Instant at = plannedAt(channel);
    place(
        Objects.equals(at, facts.own().frozenAt()) ? PLANNED : FALLEN_BACK,
        Event.of(at, channel, "planned").chosen(variant, through(segment)));
  }

  /** At the freeze, or when the contact fell back to the channel. */
  private @Nullable Instant plannedAt(String channel) {
    Instant at = facts.own().frozenAt();
    if (!facts.fallsBack()) {
      return at;
    }
    int place = facts.channels().indexOf(channel);
    for (Order order : facts.ledger().orders()) {
      if ("fell_back".equals(order.outcome())
          && order.at() != null
          && facts.channels().indexOf(order.channel()) < place
          && (at == null || order.at().isAfter(at))) {
        at = order.at();
      }
    }
    return at;
  }

  private @Nullable Through through(@Nullable Integer segment) {
    if (segment == null || segment <= 0) {
      return null;
    }
    return new Through(
        segment, segment <= facts.audience().size() ? facts.audience().get(segment - 1) : null);
  }

  private void addOwn(OwnEntry entry) {
    int rank =
        switch (entry.kind()) {
          case "released" -> RELEASED;
          case "retry_due" -> ORDERED;
          case "pending" -> WAITS;
          default -> DECIDED;
        };
    Instant at =
        entry.at() == null && !entry.kind().equals("pending") ? facts.own().frozenAt() : entry.at();
    place(
        rank,
        Event.of(at, entry.channel(), entry.kind())
            .ofCommand(entry.issue(), entry.attempt())
            .because(
                entry.reason() == null ? null : OwnReason.cause(entry.reason()), entry.until()));
  }

  /** The orders of one channel follow one another, whatever the workers' clocks say. */
  private void addOrders(List<Order> orders) {
    Instant last = Instant.MIN;
    for (Order order : orders) {
      last = later(last, order.claimedAt());
      events.add(
          new Placed(
              last,
              TRIED,
              Event.of(order.claimedAt(), order.channel(), "claimed")
                  .ofCommand(order.issue(), order.attempt())));
      if (order.outcome() != null && order.at() != null) {
        last = later(last, order.at());
        events.add(
            new Placed(
                last,
                TRIED,
                Event.of(order.at(), order.channel(), order.outcome())
                    .ofCommand(order.issue(), order.attempt())
                    .because(order.cause(), order.retryAt())
                    .told(order.providerMessageId())));
      }
    }
  }

  private void addRetries(String channel, List<OwnEntry> own) {
    for (Due due : facts.retries().due()) {
      boolean announced =
          own.stream()
              .anyMatch(entry ->
                  entry.kind().equals("retry_due") && Objects.equals(entry.issue(), due.issue()));
      if (due.channel().equals(channel) && !announced) {
        place(
            ORDERED,
            Event.of(due.at(), channel, "retry_due").ofCommand(due.issue(), due.attempt()));
      }
    }
    for (Given given : facts.retries().deadLetters()) {
      if (given.channel().equals(channel)) {
        place(
            GIVEN_UP,
            Event.of(given.at(), channel, "dead_letter")
                .ofCommand(given.issue(), null)
                .linking("/api/v1/dead-letters/" + given.id()));
      }
    }
    for (HandOrder order : facts.retries().orders()) {
      if (order.channel().equals(channel)) {
        place(
            ORDERED,
            Event.of(order.at(), channel, order.what())
                .ofCommand(order.issue(), null)
                .by(order.actor()));
      }
    }
  }

  /** By the same rules as the list of recipients. */
  private Recipient standing(
      String channel,
      long contactId,
      @Nullable String variant,
      List<OwnEntry> own,
      List<Order> orders) {
    int attempts = orders.stream().mapToInt(Order::attempt).max().orElse(0);
    for (Order order : orders.reversed()) {
      if (order.outcome() != null && !order.outcome().equals("returned")) {
        return new Recipient(
            contactId,
            null,
            channel,
            null,
            variant,
            stateAfter(order.outcome()),
            order.cause(),
            order.attempt(),
            order.at(),
            due(channel));
      }
    }
    for (String kind : List.of("pending", "cancelled", "skipped")) {
      for (OwnEntry entry : own) {
        if (entry.kind().equals(kind)) {
          Cause reason = entry.reason() == null ? null : OwnReason.cause(entry.reason());
          return new Recipient(
              contactId,
              null,
              channel,
              null,
              variant,
              RecipientState.valueOf(kind.toUpperCase(Locale.ROOT)),
              reason,
              attempts,
              entry.at(),
              entry.until());
        }
      }
    }
    return new Recipient(
        contactId,
        null,
        channel,
        null,
        variant,
        RecipientState.IN_FLIGHT,
        null,
        attempts,
        orders.isEmpty() ? null : orders.getLast().claimedAt(),
        null);
  }

  private @Nullable Instant due(String channel) {
    return facts.retries().due().stream()
        .filter(due -> due.channel().equals(channel))
        .map(Due::at)
        .findFirst()
        .orElse(null);
  }

  private static RecipientState stateAfter(String outcome) {
    return outcome.equals("rate_limited")
        ? RecipientState.RETRYING
        : RecipientState.valueOf(outcome.toUpperCase(Locale.ROOT));
  }

  /** What has no time comes first where it was decided, and last where it waits. */
  private void place(int rank, Event event) {
    Instant at = event.at();
    Instant place = at == null ? (rank == WAITS ? Instant.MAX : Instant.MIN) : at;
    events.add(new Placed(place, rank, event));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static <T> @Nullable T first(Stream<@Nullable T> some, Stream<@Nullable T> others) {
    return Stream.concat(some, others).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
