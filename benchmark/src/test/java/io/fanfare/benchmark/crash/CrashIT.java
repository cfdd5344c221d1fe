package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A small run of the fault suite: two kills and four other faults, always the same ones. */
class CrashIT {

  @Test
  void sendsToEverybodyOnceWhateverDies() throws SQLException {
    CrashRun run = SharedDeployment.newRun();
    run.plan().forEach(System.out::println);

    Report report = run.run(SharedDeployment.ready());

    System.out.println(report.json());
    Verdict verdict = report.verdict();
    assertThat(verdict.passed()).as(report.table()).isTrue();
    assertThat(verdict.kills()).isGreaterThanOrEqualTo(2);
    assertThat(verdict.stops()).isEqualTo(1);
  }
}
