package io.fanfare.localstack.simulator.fault;

/**
 * The faults of one channel. A share is the part (0–1) of all addresses that it befalls; an address
 * falls into at most one of them, decided by its hash and the seed alone, so that the same plan
 * always befalls the same addresses. Stalls are drawn independently of the others.
 *
 * @param refuseShare see {@link Fate#REFUSED}
 * @param unknownShare see {@link Fate#UNKNOWN}
 * @param deferShare see {@link Fate#DEFERRED}
 * @param errorShare see {@link Fate#FAILED}
 * @param dropBeforeShare see {@link Fate#DROPPED_BEFORE}
 * @param dropAfterShare see {@link Fate#DROPPED_AFTER}
 * @param firstTries how many tries of an address and broadcast marker are deferred, failed or
 *     dropped before one is accepted
 * @param retryAfterSeconds in the 429 of a deferred Telegram message
 * @param stallShare addresses whose answer waits
 * @param stallMillis how long it waits
 * @param refuseCredentials answer 535 5.7.8 or 401 to every login
 * @param limitPerSecond messages in any sliding second above which 421 or 429 is answered; 0 for
 *     none
 * @param seed another seed chooses other addresses
 */
public record FaultPlan(
    double refuseShare,
    double unknownShare,
    double deferShare,
    double errorShare,
    double dropBeforeShare,
    double dropAfterShare,
    int firstTries,
    int retryAfterSeconds,
    double stallShare,
    int stallMillis,
    boolean refuseCredentials,
    int limitPerSecond,
    long seed) {

  /** Everything is accepted at once. */
  public static final FaultPlan NONE = new FaultPlan(0, 0, 0, 0, 0, 0, 1, 1, 0, 0, false, 0, 0);

  /**
   * @throws IllegalArgumentException when a share is outside 0–1, their sum above 1, or a number
   *     negative
   */
  public FaultPlan {
    double sum = 0;
    for (double share :
        new double[] {
          refuseShare, unknownShare, deferShare, errorShare, dropBeforeShare, dropAfterShare
        }) {
      sum += checkedShare(share);
    }
    checkedShare(stallShare);
    if (sum > 1 + 1e-9) {
      throw new IllegalArgumentException("The shares of an address' fates add up to " + sum);
    }
    if (firstTries < 0 || retryAfterSeconds < 0 || stallMillis < 0 || limitPerSecond < 0) {
      throw new IllegalArgumentException("Numbers of a fault plan are not negative");
    }
  }

  private static double checkedShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("A share is 0 to 1, not " + share);
    }
    return share;
  }

  /** The fate of an address (e-mail address or chat id), letters' case ignored. */
  public Fate fate(String address) {
    double rest = uniform(address, 1);
    if ((rest -= refuseShare) < 0) {
      return Fate.REFUSED;
    }
    if ((rest -= unknownShare) < 0) {
      return Fate.UNKNOWN;
    }
    if ((rest -= deferShare) < 0) {
      return Fate.DEFERRED;
    }
    if ((rest -= errorShare) < 0) {
      return Fate.FAILED;
    }
    if ((rest -= dropBeforeShare) < 0) {
      return Fate.DROPPED_BEFORE;
    }
    return (rest - dropAfterShare) < 0 ? Fate.DROPPED_AFTER : Fate.ACCEPTED;
  }

  public boolean stalls(String address) {
    return stallShare > 0 && uniform(address, 2) < stallShare;
  }

  private double uniform(String address, int draw) {
    return Draw.uniform(seed, draw, address);
  }

  public FaultPlan refusing(double refuseShare, double unknownShare) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan deferring(double deferShare, int firstTries, int retryAfterSeconds) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan failing(double errorShare) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan dropping(double dropBeforeShare, double dropAfterShare) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan stalling(double stallShare, int stallMillis) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan refusingCredentials(boolean refuseCredentials) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan limitedTo(int limitPerSecond) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }

  public FaultPlan seeded(long seed) {
    return new FaultPlan(
        refuseShare,
        unknownShare,
        deferShare,
        errorShare,
        dropBeforeShare,
        dropAfterShare,
        firstTries,
        retryAfterSeconds,
        stallShare,
        stallMillis,
        refuseCredentials,
        limitPerSecond,
        seed);
  }
}
