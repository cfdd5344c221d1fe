package io.fanfare.retry.deadletter;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.broadcast.BroadcastPolicyRepository;
import io.fanfare.retry.deadletter.DeadLetter.State;
import io.fanfare.retry.doubt.InDoubtRepository;
import io.fanfare.retry.due.Recipient;
import io.fanfare.retry.due.RetryRepository;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Requeues and discards, one or many; every change is audited in its own transaction. Many go in
 * portions of a few thousand, so that the results coming in are never held up for long.
 */
@Service
class DeadLetters {

  private static final int PORTION = 5_000;
  private static final String RESOURCE = "dead_letter";

  private final DeadLetterRepository deadLetters;
  private final RetryRepository retries;
  private final InDoubtRepository inDoubt;
  private final BroadcastPolicyRepository policies;
  private final AuditTrail audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  DeadLetters(
      DeadLetterRepository deadLetters,
      RetryRepository retries,
      InDoubtRepository inDoubt,
      BroadcastPolicyRepository policies,
      AuditTrail audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.deadLetters = deadLetters;
    this.retries = retries;
    this.inDoubt = inDoubt;
    this.policies = policies;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** A dead letter with its history; 404 when the tenant has no such. */
  DeadLetter get(UUID tenantId, UUID id) {
    DeadLetter letter = find(tenantId, id);
    return letter.withHistory(
        retries.history(
            new Recipient(letter.broadcastId(), letter.contactId(), Channel.of(letter.channel()))));
  }

  /** Orders another try; 404, or 409 when the broadcast has ended or the letter is not open. */
  DeadLetter requeue(Identity who, UUID id) {
    BroadcastPolicy policy =
        policies.find(who.tenant(), find(who.tenant(), id).broadcastId()).orElse(null);
    if (policy != null) {
      refuseWhenEnded(policy.state());
    }
    return change(
        who,
        id,
        "requeue",
        filter -> deadLetters.requeue(filter, who.actor(), clock.instant(), PORTION));
  }

  /** Leaves it for good; 404, or 409 when the letter is not open. */
  DeadLetter discard(Identity who, UUID id) {
    return change(
        who,
        id,
        "discard",
        filter -> deadLetters.discard(filter, who.actor(), clock.instant(), PORTION));
  }

  /** Orders another try for all open ones that match; returns how many. */
  long requeueAll(Identity who, DeadLetterFilter filter, UUID broadcastId) {
    refuseWhenEnded(policy(who, broadcastId).state());
    return inPortions(
        who,
        "requeue",
        RESOURCE,
        broadcastId,
        () -> deadLetters.requeue(filter, who.actor(), clock.instant(), PORTION));
  }

  /**
   * Orders another try for those of a broadcast that were not reached; returns how many.
   *
   * @throws ProblemException 404, or 409 when the broadcast has ended
   */
  long retry(Identity who, UUID broadcastId, RetryOrder order) {
    refuseWhenEnded(policy(who, broadcastId).state());
    long total = 0;
    for (RetryOrder.What what : EnumSet.copyOf(order.what())) {
      total +=
          switch (what) {
            case FAILED, DEAD -> requeueAll(who, allOf(who, broadcastId, order, what), broadcastId);
            case IN_DOUBT ->
                inPortions(
                    who,
                    "resend",
                    "in_doubt_recipient",
                    broadcastId,
                    () ->
                        inDoubt.orderResend(
                            broadcastId, order.channel(), who.actor(), clock.instant(), PORTION));
          };
    }
    return total;
  }

  private static DeadLetterFilter allOf(
      Identity who, UUID broadcastId, RetryOrder order, RetryOrder.What what) {
    return new DeadLetterFilter(
        who.tenant(), broadcastId, order.channel(), null, what.id(), null, null);
  }

  /** Leaves all open ones that match for good; returns how many. */
  long discardAll(Identity who, DeadLetterFilter filter, UUID broadcastId) {
    policy(who, broadcastId);
    return inPortions(
        who,
        "discard",
        RESOURCE,
        broadcastId,
        () -> deadLetters.discard(filter, who.actor(), clock.instant(), PORTION));
  }

  private DeadLetter change(
      Identity who, UUID id, String action, ToIntFunction<DeadLetterFilter> change) {
    DeadLetterFilter one = DeadLetterFilter.one(who.tenant(), id);
    transaction.executeWithoutResult(status -> {
      if (change.applyAsInt(one) == 0) {
        State state = find(who.tenant(), id).state();
        throw ProblemException.conflict("dead_letter_not_open", "the dead letter is " + state.id());
      }
      audit.record(
          who,
          action,
          RESOURCE,
          id.toString(),
          Map.of("state", State.OPEN.id()),
          Map.of("state", find(who.tenant(), id).state().id()));
    });
    return get(who.tenant(), id);
  }

  private interface Portion {
    int change();
  }

  private long inPortions(
      Identity who, String action, String resource, UUID broadcastId, Portion portion) {
    long total = 0;
    int changed;
    do {
      Integer count =
          transaction.execute(status -> {
            int some = portion.change();
            if (some > 0) {
              audit.record(
                  who,
                  action,
                  resource,
                  "broadcast:" + broadcastId,
                  null,
                  Map.of(resource + "s", some));
            }
            return some;
          });
      changed = count == null ? 0 : count;
      total += changed;
    } while (changed == PORTION);
    return total;
  }

  private DeadLetter find(UUID tenantId, UUID id) {
    List<DeadLetter> found = deadLetters.list(DeadLetterFilter.one(tenantId, id), null, 1);
    if (found.isEmpty()) {
      throw ProblemException.notFound(RESOURCE, id);
    }
    return found.getFirst();
  }

  private BroadcastPolicy policy(Identity who, UUID broadcastId) {
    return policies
        .find(who.tenant(), broadcastId)
        .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
  }

  private static void refuseWhenEnded(BroadcastState state) {
    if (state.endsSending()) {
      throw ProblemException.conflict(
          "broadcast_ended", "the broadcast is " + state.id() + " and sends nothing any more");
    }
  }
}
