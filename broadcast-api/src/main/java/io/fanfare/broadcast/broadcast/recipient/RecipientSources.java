package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.recipient.RecipientMergePlanner.Slice;
import io.fanfare.broadcast.broadcast.recipient.RecipientMergePlanner.Source;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/**
 * Who owns the recipients of a state: what is pending, audience-service; what has a result, the
 * ledger; who is tried again, retry-service. Skipped and cancelled recipients ended before or after
 * they were handed over, so both have some; in flight is what one handed over and the other has no
 * end of.
 */
@Component
class RecipientSources {

  /** Handed over recipients that are looked at in one go, to find those without an end. */
  private static final int CANDIDATES = 1_000;

  private final RecipientClient client;

  RecipientSources(RecipientClient client) {
    this.client = client;
  }

  /**
   * The recipients that are asked for.
   *
   * @param channel only those of this channel; null for all
   */
  record Asked(UUID tenantId, UUID broadcastId, LocalDate ledgerDay, @Nullable String channel) {}

  /** What the ledger says for itself besides its recipients. */
  static final class LedgerNote {

    private boolean expired;

    /** The ledger day was dropped: nobody knows any more. */
    boolean isExpired() {
      return expired;
    }
  }

  /** The owners of a state, or of all where it is null; the one that is right first. */
  List<Source> of(@Nullable RecipientState state, Asked asked, LedgerNote note) {
    if (state == null) {
      return List.of(
          ledger(null, asked, note),
          audience(RecipientState.PENDING, asked),
          inFlight(asked),
          audience(RecipientState.SKIPPED, asked),
          audience(RecipientState.CANCELLED, asked));
    }
    return switch (state) {
      case PENDING -> List.of(audience(state, asked));
      case IN_FLIGHT -> List.of(inFlight(asked));
      case RETRYING -> List.of(retrying(asked));
      case SKIPPED, CANCELLED -> List.of(ledger(state, asked, note), audience(state, asked));
      case SENT, FAILED, DEAD, IN_DOUBT, FELL_BACK -> List.of(ledger(state, asked, note));
    };
  }

  private record Place(long contactId, String channel) {

    RecipientPosition position() {
      return new RecipientPosition(contactId, channel);
    }
  }

  private record OwnRow(
      long contactId,
      String channel,
      @Nullable String variant,
      @Nullable Integer attempts,
      @Nullable String reason,
      @Nullable Instant at,
      @Nullable Instant until) {}

  private record OwnSlice(List<OwnRow> items, @Nullable Place next) {}

  private Source audience(RecipientState state, Asked asked) {
    return (after, limit) -> {
      OwnSlice slice =
          client.get(
              asked.tenantId,
              client.audience(),
              path(asked) + "?state=" + state.id() + query(after, asked, limit),
              new TypeReference<OwnSlice>() {});
      List<Recipient> recipients = new ArrayList<>(slice.items.size());
      for (OwnRow row : slice.items) {
        recipients.add(
            new Recipient(
                row.contactId,
                null,
                row.channel,
                null,
                row.variant,
                state,
                row.reason == null ? null : OwnReason.cause(row.reason),
                row.attempts == null ? 0 : row.attempts,
                row.at,
                row.until));
      }
      return new Slice(recipients, position(slice.next));
    };
  }

  /** Of those that were handed over, the ones the ledger has no end of. */
  private Source inFlight(Asked asked) {
    Source handedOver = audience(RecipientState.IN_FLIGHT, asked);
    return (after, limit) -> {
      Slice candidates = handedOver.fetch(after, CANDIDATES);
      if (candidates.items().isEmpty()) {
        return candidates;
      }
      Map<String, List<Long>> byChannel = new HashMap<>();
      candidates
          .items()
          .forEach(one ->
              byChannel
                  .computeIfAbsent(one.channel(), any -> new ArrayList<>())
                  .add(one.contactId()));
      Set<RecipientPosition> open = new HashSet<>();
      byChannel.forEach((channel, contacts) ->
          client
              .ask(
                  asked.tenantId,
                  client.ledger(),
                  path(asked) + "/unended?day=" + asked.ledgerDay + "&channel=" + channel,
                  contacts,
                  new TypeReference<List<Long>>() {})
              .forEach(contact -> open.add(new RecipientPosition(contact, channel))));
      return new Slice(
          candidates.items().stream().filter(one -> open.contains(one.position())).toList(),
          candidates.next());
    };
  }

  private record LedgerRow(
      long contactId,
      String channel,
      @Nullable String variant,
      RecipientState bucket,
      @Nullable Integer attempt,
      @Nullable Instant at,
      @Nullable Cause cause) {}

  private record LedgerSlice(
      List<LedgerRow> items, @Nullable Place next, @Nullable Boolean expired) {}

  private Source ledger(@Nullable RecipientState state, Asked asked, LedgerNote note) {
    return (after, limit) -> {
      LedgerSlice slice =
          client.get(
              asked.tenantId,
              client.ledger(),
              path(asked)
                  + "?day="
                  + asked.ledgerDay
                  + (state == null ? "" : "&state=" + state.id())
                  + query(after, asked, limit),
              new TypeReference<LedgerSlice>() {});
      note.expired |= Boolean.TRUE.equals(slice.expired);
      return new Slice(
          slice.items.stream()
              .map(row ->
                  new Recipient(
                      row.contactId,
                      null,
                      row.channel,
                      null,
                      row.variant,
                      row.bucket,
                      row.cause,
                      row.attempt == null ? 0 : row.attempt,
                      row.at,
                      null))
              .toList(),
          position(slice.next));
    };
  }

  private record RetryRow(
      long contactId,
      String channel,
      @Nullable String variant,
      @Nullable Integer attempt,
      @Nullable Instant at,
      @Nullable Cause cause,
      @Nullable Instant until) {}

  private record RetrySlice(List<RetryRow> items, @Nullable Place next) {}

  private Source retrying(Asked asked) {
    return (after, limit) -> {
      RetrySlice slice =
          client.get(
              asked.tenantId,
              client.retries(),
              path(asked) + "?" + query(after, asked, limit).substring(1),
              new TypeReference<RetrySlice>() {});
      return new Slice(
          slice.items.stream()
              .map(row ->
                  new Recipient(
                      row.contactId,
                      null,
                      row.channel,
                      null,
                      row.variant,
                      RecipientState.RETRYING,
                      row.cause,
                      row.attempt == null ? 0 : row.attempt,
                      row.at,
                      row.until))
              .toList(),
          position(slice.next));
    };
  }

  private static String path(Asked asked) {
    return "/internal/v1/broadcasts/" + asked.broadcastId + "/recipients";
  }

  private static String query(RecipientPosition after, Asked asked, int limit) {
    return RecipientClient.after(after, asked.channel, limit);
  }

  private static @Nullable RecipientPosition position(@Nullable Place place) {
    return place == null ? null : place.position();
  }
}
