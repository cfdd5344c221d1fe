package io.fanfare.dispatch.engagement.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PollLeaseTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration CALL = Duration.ofSeconds(20);

  @Test
  void asksOnlyWhileTheRequestEndsBeforeTheLease() {
    PollLease lease = new PollLease(LEASE, CALL, 0);
    assertThat(lease.mayAsk(seconds(10))).isTrue();
    assertThat(lease.mayAsk(seconds(10) + 1)).isFalse();
    lease.renewed(seconds(5));
    assertThat(lease.mayAsk(seconds(15))).isTrue();
    lease.lose();
    assertThat(lease.mayAsk(seconds(5))).isFalse();
  }

  /** One of two workers as it sees the world. */
  private static final class Worker {
    @Nullable PollLease lease;
    long askedUntil = -1;
  }

  /**
   * Two workers, a database whose answers take up to four seconds or fail, workers that die and
   * come back: never do two ask at one time.
   */
  @Test
  void twoWorkersNeverAskAtOneTimeWhateverDiesOrIsLate() {
    Random random = new Random(11);
    int handovers = 0;
    for (int round = 0; round < 200; round++) {
      List<Worker> workers = new ArrayList<>(List.of(new Worker(), new Worker()));
      int holder = -1;
      long until = 0;
      long now = 0;
      for (int step = 0; step < 400; step++) {
        now += random.nextLong(seconds(3));
        int who = random.nextInt(2);
        Worker worker = workers.get(who);
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            long began = now;
            now += random.nextLong(seconds(4));
            if (holder == who || until < now) {
              handovers += holder >= 0 && holder != who ? 1 : 0;
              holder = who;
              until = now + LEASE.toNanos();
              now += random.nextLong(seconds(4));
              if (random.nextInt(5) > 0) {
                if (worker.lease == null) {
                  worker.lease = new PollLease(LEASE, CALL, began);
                } else {
                  worker.lease.renewed(began);
                }
              }
            } else {
              worker.lease = null;
            }
          }
          case 3 -> {
            if (random.nextInt(20) == 0) {
              workers.set(who, new Worker());
            }
          }
          default -> {
            PollLease lease = worker.lease;
            if (lease != null && worker.askedUntil < now && lease.mayAsk(now)) {
              assertThat(workers.get(1 - who).askedUntil).isLessThan(now);
              worker.askedUntil = now + random.nextLong(CALL.toNanos());
            }
          }
        }
      }
    }
    assertThat(handovers).isGreaterThan(100);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
