package io.fanfare.benchmark;

import io.fanfare.benchmark.counting.CountingRun;
import io.fanfare.benchmark.crash.CrashOptions;
import io.fanfare.benchmark.crash.CrashRun;
import io.fanfare.benchmark.crash.HoldBackRun;
import io.fanfare.benchmark.crash.Mutation;
import io.fanfare.benchmark.crash.MutationRun;
import io.fanfare.benchmark.crash.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The command {@code crash}: one broadcast while everything around it is killed, stopped, restarted
 * and refused; exit status 1 unless every guarantee held by the providers' own logs.
 */
public final class Crash {

  private Crash() {}

  /** Runs the fault suite. Its data and logs are kept when it did not pass. */
  public static void main(String[] arguments) throws IOException, SQLException {
    CrashOptions options;
    try {
      options = CrashOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(CrashOptions.USAGE);
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("fanfare-crash");
    if (!options.mutations().isEmpty()) {
      List<Mutation> unseen =
          MutationRun.unseen(
              options.mutations(), folder, Path.of("").toAbsolutePath(), System.out::println);
      if (unseen.isEmpty()) {
        Bench.delete(folder);
      }
      System.exit(unseen.isEmpty() ? 0 : 1);
      return;
    }
    if (options.countedEvents() > 0) {
      boolean exact =
          CountingRun.run(
              options.countedEvents(), folder, Path.of("").toAbsolutePath(), System.out::println);
      if (exact) {
        Bench.delete(folder);
      }
      System.exit(exact ? 0 : 1);
      return;
    }
    if (options.holdBack()) {
      boolean passed =
          HoldBackRun.run(options, folder, Path.of("").toAbsolutePath(), System.out::println);
      if (passed) {
        Bench.delete(folder);
      }
      System.exit(passed ? 0 : 1);
      return;
    }
    CrashRun run = new CrashRun(options, System.err::println);
    System.err.printf(
        "seed %d: %,d recipients, %d kills; logs in %s%n",
        options.seed(), options.recipients(), options.kills(), folder);
    run.plan().forEach(System.err::println);
    Report report = run.run(folder, Path.of("").toAbsolutePath());
    System.out.print(report.table());
    if (options.json()) {
      System.out.println(report.json());
    }
    if (report.verdict().passed()) {
      Bench.delete(folder);
    }
    System.exit(report.verdict().passed() ? 0 : 1);
  }
}
