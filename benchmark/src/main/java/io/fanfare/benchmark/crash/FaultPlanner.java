package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.Fault.KillService;
import io.fanfare.benchmark.crash.Fault.KillWorker;
import io.fanfare.benchmark.crash.Fault.Misbehave;
import io.fanfare.benchmark.crash.Fault.Misbehaviour;
import io.fanfare.benchmark.crash.Fault.PauseAndResume;
import io.fanfare.benchmark.crash.Fault.PublishAgain;
import io.fanfare.benchmark.crash.Fault.RestartBroker;
import io.fanfare.benchmark.crash.Fault.RestartDatabase;
import io.fanfare.benchmark.crash.Fault.StopWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Plans what goes wrong and when. The same seed always gives the same plan. */
final class FaultPlanner {

  private static final int OTHERS_PER_KILL = 2;

  private FaultPlanner() {}

  /**
   * A plan: the kills of workers, and between them other faults, the more kinds the more kills.
   *
   * @param workers names of the workers
   * @param services names of the other services, each killed once when there is room
   */
  static List<PlannedFault> plan(
      long seed, int kills, List<String> workers, List<String> services) {
    // A scrambled seed: neighbouring seeds of Random begin with nearly the same values.
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      faults.add(new KillWorker(any(workers, random)));
    }
    List<Fault> others = others(random, workers, services);
    faults.addAll(others.subList(0, Math.min(others.size(), kills * OTHERS_PER_KILL)));
    Collections.shuffle(faults, random);
    List<PlannedFault> plan = new ArrayList<>();
    for (Fault fault : faults) {
      plan.add(new PlannedFault(millis(random, 500, 4_000), fault));
    }
    return List.copyOf(plan);
  }

  /** In the order of their worth: a short plan has the first ones. */
  private static List<Fault> others(Random random, List<String> workers, List<String> services) {
    List<Fault> always = new ArrayList<>();
    always.add(
        new PauseAndResume(
            3 + random.nextInt(3), millis(random, 1_500, 3_000), millis(random, 500, 1_500)));
    always.add(misbehave(Misbehaviour.DROP_ANSWERS, random));
    always.add(new StopWorker(any(workers, random), millis(random, 500, 3_000)));
    List<Fault> sometimes = new ArrayList<>();
    services.forEach(service -> sometimes.add(new KillService(service)));
    sometimes.add(new RestartBroker(random.nextBoolean()));
    sometimes.add(new RestartDatabase(millis(random, 500, 4_000)));
    sometimes.add(new PublishAgain(5 + random.nextInt(20)));
    sometimes.add(misbehave(Misbehaviour.STALL, random));
    sometimes.add(misbehave(Misbehaviour.STORM, random));
    sometimes.add(misbehave(Misbehaviour.REFUSE, random));
    sometimes.add(misbehave(Misbehaviour.RESET, random));
    Collections.shuffle(sometimes, random);
    always.addAll(sometimes);
    return always;
  }

  private static Misbehave misbehave(Misbehaviour how, Random random) {
    return new Misbehave(how, millis(random, 2_000, 5_000), random.nextInt(1, 1_000_000));
  }

  private static <T> T any(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static Duration millis(Random random, int least, int most) {
    return Duration.ofMillis(random.nextInt(least, most));
  }

  /** About how long a plan takes. */
  static Duration estimate(List<PlannedFault> plan) {
    return plan.stream().map(PlannedFault::estimate).reduce(Duration.ZERO, Duration::plus);
  }
}
