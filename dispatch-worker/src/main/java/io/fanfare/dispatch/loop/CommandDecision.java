package io.fanfare.dispatch.loop;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What to do with a command before it is claimed, by the state of its broadcast and its age. */
public sealed interface CommandDecision {

  /** It may be claimed and sent. */
  record Send() implements CommandDecision {}

  /** Not now: something it needs has not arrived yet. */
  record Wait() implements CommandDecision {}

  /** It ends without being sent. */
  record End(Outcome outcome, Cause cause) implements CommandDecision {}

  CommandDecision SEND = new Send();
  CommandDecision WAIT = new Wait();
  End CANCELLED =
      new End(Outcome.CANCELLED, new Cause("cancelled", "the broadcast was cancelled", null));

  /** Whoever may have the message already is not said to be without it. */
  End STAYS_IN_DOUBT =
      new End(
          Outcome.IN_DOUBT,
          new Cause("cancelled", "cancelled before the send in doubt was repeated", null));

  End PAUSED = new End(Outcome.RETURNED, new Cause("paused", "the broadcast is paused", null));
  End STALE =
      new End(Outcome.RETURNED, new Cause("stale", "released too long ago to be checked", null));
  End NO_ADDRESS =
      new End(
          Outcome.SKIPPED, new Cause("no_address", "the contact has no address any more", null));

  /**
   * Decides.
   *
   * @param control the newest control record of the command's broadcast, if any is known
   * @param staleAfter how old a release may be: what the command's data was checked against is
   *     remembered no longer
   */
  static CommandDecision decide(
      SendMessage command, @Nullable BroadcastControl control, Instant now, Duration staleAfter) {
    boolean stale = command.releasedAt().plus(staleAfter).isBefore(now);
    if (control == null || control.epoch() < command.controlEpoch()) {
      return stale ? STALE : WAIT;
    }
    if (control.state().endsSending()) {
      return cancelled(command.bucket());
    }
    if (stale) {
      return STALE;
    }
    if (!control.state().maySend()) {
      return PAUSED;
    }
    return command.address() == null ? NO_ADDRESS : SEND;
  }

  /**
   * How a command ends whose broadcast has ended sending.
   *
   * @param bucket where its recipient stood before
   */
  static End cancelled(Bucket bucket) {
    return bucket == Bucket.IN_DOUBT ? STAYS_IN_DOUBT : CANCELLED;
  }
}
