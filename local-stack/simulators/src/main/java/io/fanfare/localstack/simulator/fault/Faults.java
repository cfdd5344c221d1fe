package io.fanfare.localstack.simulator.fault;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The plan of one channel in force, with its memory of tries; a new plan begins with an empty
 * memory.
 */
public final class Faults {

  private static final int TRIES_REMEMBERED = 1_000_000;

  private volatile State state = new State(FaultPlan.NONE);

  public FaultPlan plan() {
    return state.plan;
  }

  public void plan(FaultPlan plan) {
    state = new State(plan);
  }

  /** Whether the rate limit lets this message pass; counts it when it does. */
  public boolean admits(long nanos) {
    return state.limit.admits(nanos);
  }

  /**
   * The address' fate for this try, which is counted; fates of the first tries end in {@link
   * Fate#ACCEPTED}.
   */
  public Fate nextTry(String address, String marker) {
    var now = state;
    var fate = now.plan.fate(address);
    return switch (fate) {
      case ACCEPTED, REFUSED, UNKNOWN -> fate;
      case DEFERRED, FAILED, DROPPED_BEFORE, DROPPED_AFTER ->
          now.nextTry(address, marker) <= now.plan.firstTries() ? fate : Fate.ACCEPTED;
    };
  }

  private static final class State {

    private final FaultPlan plan;
    private final SlidingLimit limit;
    private final ConcurrentHashMap<String, Integer> tries = new ConcurrentHashMap<>();

    private State(FaultPlan plan) {
      this.plan = plan;
      this.limit = new SlidingLimit(plan.limitPerSecond());
    }

    private int nextTry(String address, String marker) {
      if (tries.size() >= TRIES_REMEMBERED) {
        return Integer.MAX_VALUE;
      }
      return tries.merge(marker + '\n' + address, 1, Integer::sum);
    }
  }
}
