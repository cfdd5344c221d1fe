package io.fanfare.dispatch.ledger;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which end of the previous issue lets a command be claimed. Issue 1 needs no predecessor;
 * every later one needs a predecessor that ended without a message, or somebody's order to send all
 * the same.
 */
public final class ClaimDecision {

  /** The mask of a command without a predecessor. */
  static final int NO_PREDECESSOR = 0;

  private ClaimDecision() {}

  /** The outcomes of issue n that allow issue n+1; empty for issue 1, which needs none. */
  static Set<Outcome> mayFollow(SendMessage command, DeliveryPolicy policy) {
    EnumSet<Outcome> allowed = EnumSet.noneOf(Outcome.class);
    if (command.issue() == 1) {
      return allowed;
    }
    allowed.addAll(EnumSet.of(Outcome.RETRYING, Outcome.RATE_LIMITED, Outcome.RETURNED));
    if (command.granted()) {
      allowed.addAll(EnumSet.of(Outcome.FAILED, Outcome.DEAD, Outcome.IN_DOUBT));
    }
    if (policy == DeliveryPolicy.AT_LEAST_ONCE) {
      allowed.add(Outcome.IN_DOUBT);
    }
    return allowed;
  }

  /** The same as a mask of outcome codes, which is how the claim statement takes it. */
  public static int mask(SendMessage command, DeliveryPolicy policy) {
    return mask(mayFollow(command, policy));
  }

  /**
   * Whether the previous issue's end lets a command in; the claim statement asks the same in SQL.
   *
   * @param follows a mask of outcome codes
   * @param previous how the previous issue ended; null when it has not ended or never was
   */
  public static boolean admits(int follows, @Nullable Outcome previous) {
    return follows == NO_PREDECESSOR
        || previous != null && (1 << LedgerCodes.of(previous) & follows) != 0;
  }

  static int mask(Set<Outcome> outcomes) {
    int mask = NO_PREDECESSOR;
    for (Outcome outcome : outcomes) {
      mask |= 1 << LedgerCodes.of(outcome);
    }
    return mask;
  }
}
