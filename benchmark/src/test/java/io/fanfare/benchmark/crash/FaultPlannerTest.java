package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same seed plans the same faults, and a long plan has every kind of them. */
class FaultPlannerTest {

  private static final List<String> WORKERS = List.of("worker-1", "worker-2");
  private static final List<String> SERVICES = List.of("api", "audience", "retry", "analytics");

  @Test
  void plansTheSameForTheSameSeed() {
    assertThat(plan(7, 10)).isEqualTo(plan(7, 10));
    assertThat(plan(7, 10)).isNotEqualTo(plan(8, 10));
  }

  @Test
  void hasEveryKindOfFaultInALongPlan() {
    Set<String> kinds = new HashSet<>();
    Set<String> services = new HashSet<>();
    Set<Fault.Misbehaviour> misbehaviours = new HashSet<>();
    for (PlannedFault planned : plan(3, 10)) {
      kinds.add(planned.fault().getClass().getSimpleName());
      switch (planned.fault()) {
        case Fault.KillService kill -> services.add(kill.service());
        case Fault.Misbehave misbehave -> misbehaviours.add(misbehave.how());
        default -> {}
      }
    }
    assertThat(kinds).hasSize(Fault.class.getPermittedSubclasses().length);
    assertThat(services).containsExactlyInAnyOrderElementsOf(SERVICES);
    assertThat(misbehaviours).containsExactlyInAnyOrder(Fault.Misbehaviour.values());
  }

  @Test
  void killsAsManyWorkersAsAsked() {
    for (int kills = 1; kills <= 20; kills++) {
      assertThat(
              plan(5, kills).stream()
                  .filter(planned -> planned.fault() instanceof Fault.KillWorker))
          .hasSize(kills);
    }
  }

  @Test
  void hasAPauseDroppedAnswersAndAStoppedWorkerInAShortPlan() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(plan(seed, 2)).as("seed %d", seed).hasSize(6);
      assertThat(plan(seed, 2).stream().map(planned -> planned.fault().getClass().getSimpleName()))
          .as("seed %d", seed)
          .contains("KillWorker", "StopWorker", "PauseAndResume", "Misbehave");
    }
  }

  @Test
  void staysWithinAFewMinutesForTenKills() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(FaultPlanner.estimate(plan(seed, 10)))
          .as("seed %d", seed)
          .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(4));
    }
  }

  private static List<PlannedFault> plan(long seed, int kills) {
    return FaultPlanner.plan(seed, kills, WORKERS, SERVICES);
  }
}
