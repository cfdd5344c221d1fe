package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.lease.Incarnation;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended, on its way into the ledger.
 *
 * @param command the command
 * @param outcome how it ended
 * @param at when that was known
 * @param cause why, unless sent
 * @param retryAt the earliest instant the provider wants a retry, if it named one
 * @param providerMessageId the provider's id, if it gave one
 * @param claimedBy who claimed it; null when it ended without a claim, which then is made together
 *     with the result
 * @param follows as in {@link LedgerRow}; used when there is no claim yet
 * @param late the answer to a send that a takeover had put in doubt: the recipient moves, no
 *     command ends
 * @param completion told once, when the ledger holds the entry or holds another one in its place
 */
public record LedgerEntry(
    SendMessage command,
    Outcome outcome,
    Instant at,
    @Nullable Cause cause,
    @Nullable Instant retryAt,
    @Nullable String providerMessageId,
    @Nullable Incarnation claimedBy,
    int follows,
    boolean late,
    Completion completion) {

  private static final Set<Outcome> SETTLES_DOUBT =
      EnumSet.of(Outcome.SENT, Outcome.FAILED, Outcome.FELL_BACK);

  /** Told when an entry is settled. */
  public interface Completion {
    /**
     * @param recorded the entry is in the ledger; false when the command had ended before
     */
    void settled(LedgerEntry entry, boolean recorded);
  }

  /**
   * What to record of the entry in the name of an incarnation: the entry itself where the claim is
   * that incarnation's or made with the result, else the late answer to a send in doubt; null when
   * nothing is to be recorded.
   */
  public @Nullable LedgerEntry under(Incarnation writer) {
    return claimedBy == null || claimedBy.equals(writer) ? this : lateAnswer();
  }

  /** Where a sent Telegram message went; null for anything else, and a channel's public name. */
  @Nullable Long chat() {
    String address = command.address();
    if (outcome != Outcome.SENT || !command.channel().equals(Channel.TELEGRAM) || address == null) {
      return null;
    }
    try {
      return Long.valueOf(address);
    } catch (NumberFormatException publicName) {
      return null;
    }
  }

  /** The counters after the entry was recorded. */
  public Counts counted(Counts before) {
    Bucket from = command.bucket();
    Bucket to = outcome.bucketAfter(from);
    return late ? before.afterMove(from, to) : before.afterResult(from, to);
  }

  /**
   * What to record of an answer that came after another worker had put its send in doubt: the next
   * issue, so that it and a resend exclude each other. Null when the answer settles nothing.
   */
  @Nullable LedgerEntry lateAnswer() {
    if (!SETTLES_DOUBT.contains(outcome)) {
      return null;
    }
    SendMessage resolved =
        new SendMessage(
            command.tenantId(),
            command.broadcastId(),
            command.contactId(),
            command.channel(),
            command.issue() + 1,
            command.attempt(),
            Bucket.IN_DOUBT,
            false,
            command.ledgerDay(),
            command.lane(),
            command.variant(),
            command.controlEpoch(),
            command.address(),
            command.releasedAt(),
            command.data(),
            command.suppressed(),
            command.fallback(),
            command.zone(),
            command.segment(),
            command.sendBefore());
    return new LedgerEntry(
        resolved,
        outcome,
        at,
        cause,
        retryAt,
        providerMessageId,
        null,
        ClaimDecision.mask(EnumSet.of(Outcome.IN_DOUBT)),
        true,
        completion);
  }

  /** The event that tells of it. */
  DeliveryEvent event() {
    return new DeliveryEvent(
        DeliveryEvent.idOf(
            command.broadcastId(),
            command.contactId(),
            command.channel(),
            command.issue(),
            outcome),
        outcome,
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        at,
        cause,
        retryAt,
        providerMessageId,
        command.segment());
  }
}
