package io.fanfare.broadcast.broadcast.recipient;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.broadcast.broadcast.AudienceChoice;
import io.fanfare.contract.delivery.Cause;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why a contact got a broadcast or did not: every decision and attempt in the order of time.
 *
 * @param externalId of the contact; absent when it has none or was erased
 * @param recipients where it stands on each channel it is a recipient of, or was before it fell
 *     back
 * @param events what happened, and what is to come
 * @param ledgerExpired true where the ledger day of the broadcast was dropped: attempts are missing
 * @param engagementExpired true where what recipients did long ago is dropped or will be soon: it
 *     may be missing
 */
@Schema(name = "RecipientTimeline")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Timeline(
    UUID broadcastId,
    @Schema(example = "4711") long contactId,
    @Nullable String externalId,
    List<Recipient> recipients,
    List<Timeline.Event> events,
    @Nullable Boolean ledgerExpired,
    @Nullable Boolean engagementExpired) {

  /**
   * One of them.
   *
   * @param at when; in the future for what is to come, absent where that was not kept
   * @param what planned, put_off, pending, released, claimed, then how the attempt ended, that is
   *     sent, failed, dead, retrying, rate_limited, in_doubt, returned, skipped, cancelled or
   *     fell_back; retry_due, dead_letter, requeue, resend, discard; address_taken; then opened,
   *     clicked, replied, button, bounced, complained, unsubscribed or custom
   * @param issue the number of the command it belongs to, from 1
   * @param attempt the counted try the command was
   * @param through the part of the audience that chose the contact
   * @param reason why, in the provider's own words if it was one
   * @param until when what is waited for is over
   * @param by who ordered it
   * @param link the path of the dead letter, or the number of the link that was clicked
   * @param name of a custom event, a button, or the kind of a bounce
   * @param machine whether a machine is said to have done it
   */
  @Schema(name = "RecipientTimelineEvent")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Event(
      @Nullable Instant at,
      @Schema(example = "email") String channel,
      @Schema(example = "retrying") String what,
      @Nullable Integer issue,
      @Nullable Integer attempt,
      @Nullable String variant,
      @Nullable Through through,
      @Nullable Cause reason,
      @Nullable Instant until,
      @Nullable String by,
      @Nullable String link,
      @Nullable String name,
      @Nullable BigDecimal value,
      @Nullable Boolean machine,
      @Nullable String providerMessageId) {

    static Event of(@Nullable Instant at, String channel, String what) {
      return new Event(
          at, channel, what, null, null, null, null, null, null, null, null, null, null, null,
          null);
    }

    Event ofCommand(@Nullable Integer commandIssue, @Nullable Integer commandAttempt) {
      return new Event(
          at,
          channel,
          what,
          commandIssue,
          commandAttempt,
          variant,
          through,
          reason,
          until,
          by,
          link,
          name,
          value,
          machine,
          providerMessageId);
    }

    Event chosen(@Nullable String chosenVariant, @Nullable Through part) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          chosenVariant,
          part,
          reason,
          until,
          by,
          link,
          name,
          value,
          machine,
          providerMessageId);
    }

    Event because(@Nullable Cause cause, @Nullable Instant over) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          variant,
          through,
          cause,
          over,
          by,
          link,
          name,
          value,
          machine,
          providerMessageId);
    }

    Event by(@Nullable String actor) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          variant,
          through,
          reason,
          until,
          actor,
          link,
          name,
          value,
          machine,
          providerMessageId);
    }

    Event linking(@Nullable String to) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          variant,
          through,
          reason,
          until,
          by,
          to,
          name,
          value,
          machine,
          providerMessageId);
    }

    Event told(@Nullable String providerId) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          variant,
          through,
          reason,
          until,
          by,
          link,
          name,
          value,
          machine,
          providerId);
    }

    Event done(@Nullable String nameOfIt, @Nullable BigDecimal worth, boolean byMachine) {
      return new Event(
          at,
          channel,
          what,
          issue,
          attempt,
          variant,
          through,
          reason,
          until,
          by,
          link,
          nameOfIt,
          worth,
          byMachine ? true : null,
          providerMessageId);
    }
  }

  /** The part of the audience, by its number from 1, and the list or segment it is. */
  @Schema(name = "RecipientThrough")
  record Through(@Schema(example = "1") int part, AudienceChoice.@Nullable Part of) {}
}
