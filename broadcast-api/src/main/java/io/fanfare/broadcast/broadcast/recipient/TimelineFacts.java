package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.AudienceChoice;
import io.fanfare.contract.delivery.Cause;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the owners know of one contact in one broadcast.
 *
 * @param channels of the broadcast, in its order
 * @param fallsBack the contact goes on to the next channel where one does not reach it
 * @param audience the parts that are included
 */
record TimelineFacts(
    List<String> channels,
    boolean fallsBack,
    List<AudienceChoice.Part> audience,
    TimelineFacts.Own own,
    TimelineFacts.Ledger ledger,
    TimelineFacts.Retries retries,
    TimelineFacts.Engagement engagement) {

  /** What audience-service decided. */
  record Own(@Nullable Instant frozenAt, List<Integer> parts, List<OwnEntry> entries) {}

  record OwnEntry(
      String kind,
      String channel,
      @Nullable String variant,
      @Nullable Integer segment,
      @Nullable Integer issue,
      @Nullable Integer attempt,
      @Nullable String reason,
      @Nullable Instant at,
      @Nullable Instant until,
      @Nullable Boolean byHand) {}

  /** What the workers did. */
  record Ledger(List<Order> orders, @Nullable Boolean expired) {

    boolean isExpired() {
      return Boolean.TRUE.equals(expired);
    }
  }

  record Order(
      String channel,
      int issue,
      int attempt,
      @Nullable String variant,
      @Nullable Integer segment,
      RecipientState bucket,
      Instant claimedAt,
      @Nullable String outcome,
      @Nullable Instant at,
      @Nullable Cause cause,
      @Nullable Instant retryAt,
      @Nullable String providerMessageId) {}

  /** What is tried again or was given up. */
  record Retries(List<Due> due, List<Given> deadLetters, List<HandOrder> orders) {}

  record Due(String channel, int issue, int attempt, Instant at, @Nullable Boolean byHand) {}

  record Given(UUID id, String channel, int issue, String outcome, Instant at) {}

  record HandOrder(String channel, int issue, String what, String actor, Instant at) {}

  /** What the recipient did. */
  record Engagement(List<Doing> events, @Nullable Boolean forgotten) {}

  record Doing(
      String channel,
      String kind,
      Instant at,
      @Nullable Integer link,
      @Nullable String name,
      @Nullable BigDecimal value,
      @Nullable Boolean machine) {}
}
