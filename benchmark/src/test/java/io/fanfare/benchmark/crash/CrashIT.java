package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small run of the fault suite: two kills and four other faults, always the same ones. */
class CrashIT {

  private static final long SEED = 17;

  @TempDir static Path folder;

  @Test
  void sendsToEverybodyOnceWhateverDies() throws SQLException {
    Path project = Path.of("").toAbsolutePath().getParent();
    CrashRun run =
        new CrashRun(new CrashOptions(3_000, 2, SEED, true, Map.of()), System.out::println);
    run.plan().forEach(System.out::println);

    Report report = run.run(folder, project);

    System.out.println(report.json());
    Verdict verdict = report.verdict();
    assertThat(verdict.passed()).as(report.table()).isTrue();
    assertThat(verdict.kills()).isGreaterThanOrEqualTo(2);
    assertThat(verdict.stops()).isEqualTo(1);
  }
}
