package io.fanfare.benchmark.crash;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A small run of the fault suite for each {@link Mutation}: shows that every column of the verdict
 * can turn red.
 */
public final class MutationRun {

  private static final int RECIPIENTS = 1_200;
  private static final int KILLS = 1;

  /** Without meaning: the faults are the mutation's own. */
  private static final long SEED = 1;

  /** What is broken on purpose may never complete: no reason to wait long. */
  private static final Duration COMPLETION = Duration.ofSeconds(30);

  private MutationRun() {}

  /**
   * Runs them, about a minute each.
   *
   * @param mutations how to break the product
   * @param folder for data and logs
   * @param project the checkout with the built jars
   * @param console takes lines for people
   * @return those that were not seen
   * @throws SQLException when a ledger cannot be read in the end
   */
  public static List<Mutation> unseen(
      List<Mutation> mutations, Path folder, Path project, Consumer<String> console)
      throws SQLException {
    List<Mutation> unseen = new ArrayList<>();
    for (Mutation mutation : mutations) {
      CrashOptions options = new CrashOptions(RECIPIENTS, KILLS, SEED, false, mutation.settings());
      CrashRun run = new CrashRun(options, mutation.plan(), COMPLETION, line -> {});
      Report report = run.run(folder.resolve(mutation.name().toLowerCase()), project);
      boolean seen = mutation.seenIn(report.verdict());
      console.accept(
          "%-20s %-20s %s %s"
              .formatted(
                  mutation.name().toLowerCase(),
                  mutation.column(),
                  report.verdict().columns().get(mutation.column()),
                  seen ? "red, as it must be" : "NOT SEEN: " + report.json()));
      if (!seen) {
        unseen.add(mutation);
      }
    }
    return unseen;
  }
}
