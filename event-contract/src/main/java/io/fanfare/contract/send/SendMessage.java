package io.fanfare.contract.send;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.delivery.Bucket;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The order to send to one recipient, on its lane's partition. It may arrive more than once; the
 * claim makes that harmless.
 *
 * @param tenantId the tenant
 * @param broadcastId the broadcast
 * @param contactId the contact
 * @param channel the channel
 * @param issue the number of this order for the recipient, from 1
 * @param attempt the counted try this order is, from 1; a rate-limited try is not counted
 * @param bucket where the recipient stands in the counters when the order is given: {@code
 *     IN_FLIGHT} for a first or put-back order, {@code RETRYING} for a retry, {@code FAILED},
 *     {@code DEAD} or {@code IN_DOUBT} for one that somebody asked for by hand
 * @param granted somebody asked for this order by hand: it may follow a failed, dead or in-doubt
 *     one
 * @param ledgerDay the broadcast's ledger day
 * @param lane the lane
 * @param variant the variant of the content
 * @param controlEpoch a worker waits until it has seen this epoch of the broadcast's control
 * @param address where to: an e-mail address or a chat id; null when the contact has lost it since
 *     the freeze or was deleted, which the worker records as skipped
 * @param releasedAt when it was released; older than ten minutes it is returned unsent
 * @param data the contact's fields the template uses, nested under {@code contact}; for a single
 *     message its own variables too, under {@code vars}, in place of the broadcast's
 * @param suppressed the code of the suppression found at release, for a recipient whom only the
 *     ledger may end: the worker records it as skipped for that cause, and there is no address;
 *     null for one that may be sent to
 * @param fallback true when the contact can be reached on another channel of the broadcast's order:
 *     an end of this order that is no message and no doubt is a fall back then; null: false
 * @param zone the contact's time zone, an IANA name such as {@code Asia/Kathmandu}; null where it
 *     has none
 * @param segment the number, from 1, of the part of the {@link Audience} through which the contact
 *     was chosen; null for a single message
 * @param sendBefore when the contact's quiet hours begin: not claimed by then it is returned
 *     unsent; null where there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendMessage(
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    Channel channel,
    int issue,
    int attempt,
    Bucket bucket,
    boolean granted,
    LocalDate ledgerDay,
    Lane lane,
    String variant,
    long controlEpoch,
    @Nullable String address,
    Instant releasedAt,
    Map<String, Object> data,
    @Nullable String suppressed,
    @Nullable Boolean fallback,
    @Nullable String zone,
    @Nullable Integer segment,
    @Nullable Instant sendBefore) {

  /** To a contact without a time zone, of no part of an audience. */
  public SendMessage(
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      int issue,
      int attempt,
      Bucket bucket,
      boolean granted,
      LocalDate ledgerDay,
      Lane lane,
      String variant,
      long controlEpoch,
      @Nullable String address,
      Instant releasedAt,
      Map<String, Object> data,
      @Nullable String suppressed,
      @Nullable Boolean fallback) {
    this(
        tenantId,
        broadcastId,
        contactId,
        channel,
        issue,
        attempt,
        bucket,
        granted,
        ledgerDay,
        lane,
        variant,
        controlEpoch,
        address,
        releasedAt,
        data,
        suppressed,
        fallback,
        null,
        null,
        null);
  }

  /** To somebody who may be sent to, without another channel to fall back to. */
  public SendMessage(
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      int issue,
      int attempt,
      Bucket bucket,
      boolean granted,
      LocalDate ledgerDay,
      Lane lane,
      String variant,
      long controlEpoch,
      @Nullable String address,
      Instant releasedAt,
      Map<String, Object> data) {
    this(
        tenantId,
        broadcastId,
        contactId,
        channel,
        issue,
        attempt,
        bucket,
        granted,
        ledgerDay,
        lane,
        variant,
        controlEpoch,
        address,
        releasedAt,
        data,
        null,
        null);
  }

  /** Another channel follows when this one does not reach the contact. */
  public boolean fallsBack() {
    return Boolean.TRUE.equals(fallback);
  }
}
