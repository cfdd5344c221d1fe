package io.fanfare.contract.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.Audience;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one command ended; the event type is {@code broadcast.message_} and the outcome. Keyed by
 * contact, published after the ledger row is committed, in the order of one worker's results. It
 * may arrive more than once, always with the same id.
 *
 * @param eventId derived from the command and the outcome, see {@link #idOf}
 * @param outcome how it ended
 * @param tenantId the tenant
 * @param broadcastId the broadcast
 * @param contactId the contact
 * @param channel the channel
 * @param issue the command's issue
 * @param attempt the counted try it was
 * @param bucketBefore the bucket the recipient was in; with {@link Outcome#bucketAfter} the move
 *     that every count follows
 * @param ledgerDay the broadcast's ledger day
 * @param lane the lane
 * @param variant the variant of the content
 * @param at when the outcome was known to the worker
 * @param cause why, unless sent
 * @param retryAt the earliest instant the provider wants to see a retry, if it named one
 * @param providerMessageId the provider's own id of a sent message, if it gave one
 * @param segment the number, from 1, of the part of the {@link Audience} through which the contact
 *     was chosen; null for a single message
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryEvent(
    UUID eventId,
    Outcome outcome,
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    Channel channel,
    int issue,
    int attempt,
    Bucket bucketBefore,
    LocalDate ledgerDay,
    Lane lane,
    String variant,
    Instant at,
    @Nullable Cause cause,
    @Nullable Instant retryAt,
    @Nullable String providerMessageId,
    @Nullable Integer segment) {

  /** Of a recipient that no part of an audience chose. */
  public DeliveryEvent(
      UUID eventId,
      Outcome outcome,
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      int issue,
      int attempt,
      Bucket bucketBefore,
      LocalDate ledgerDay,
      Lane lane,
      String variant,
      Instant at,
      @Nullable Cause cause,
      @Nullable Instant retryAt,
      @Nullable String providerMessageId) {
    this(
        eventId,
        outcome,
        tenantId,
        broadcastId,
        contactId,
        channel,
        issue,
        attempt,
        bucketBefore,
        ledgerDay,
        lane,
        variant,
        at,
        cause,
        retryAt,
        providerMessageId,
        null);
  }

  /** The bucket the recipient is in now. */
  public Bucket bucketAfter() {
    return outcome.bucketAfter(bucketBefore);
  }

  /** The id of the event that tells how a command ended; a name-based UUID. */
  public static UUID idOf(
      UUID broadcastId, long contactId, Channel channel, int issue, Outcome outcome) {
    String name = broadcastId + ":" + contactId + ":" + channel + ":" + issue + ":" + outcome.id();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
