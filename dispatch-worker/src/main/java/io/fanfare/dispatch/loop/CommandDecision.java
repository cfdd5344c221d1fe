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
  End QUIET =
      new End(Outcome.RETURNED, new Cause("quiet_hours", "the contact's quiet hours begin", null));
  End NO_ADDRESS =
      new End(
          Outcome.SKIPPED, new Cause("no_address", "the contact has no address any more", null));

  /** It ends because its contact must not be sent to. */
  static End suppressed(String code) {
    return new End(
        Outcome.SKIPPED, new Cause(code, "the contact must not be sent to any more", null));
  }

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
    if (command.suppressed() != null) {
      return suppressed(command.suppressed());
    }
    if (command.address() == null) {
      return NO_ADDRESS;
    }
    return isQuiet(command, now) ? QUIET : SEND;
  }

  /** Whether its contact's quiet hours have begun, or are about to. */
  static boolean isQuiet(SendMessage command, Instant now) {
    return command.sendBefore() != null && !now.isBefore(command.sendBefore());
  }

  /**
   * How a command ends whose broadcast has ended sending.
   *
   * @param bucket where its recipient stood before
   */
  static End cancelled(Bucket bucket) {
    return bucket == Bucket.IN_DOUBT ? STAYS_IN_DOUBT : CANCELLED;
  }

  /**
   * Decides about a command that may be sent by the state of its broadcast.
   *
   * @param suppression the code of a suppression of its contact that is known here, if any
   * @param coveredFrom suppressions forgotten here were checked for commands released since; looked
   *     up after {@code suppression}
   */
  static CommandDecision unlessSuppressed(
      SendMessage command, @Nullable String suppression, Instant coveredFrom, Instant now) {
    if (suppression != null) {
      return suppressed(suppression);
    }
    if (!command.releasedAt().isBefore(coveredFrom)) {
      return SEND;
    }
    // Released again now it would be no better off: it waits until that helps.
    return coveredFrom.isAfter(now) ? WAIT : STALE;
  }
}
