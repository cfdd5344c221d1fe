package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Five services, a second worker, broker and database, each a process of its own. One worker is
 * killed while it has claimed messages it has not recorded: nobody is lost, nobody is sent to
 * twice, and the other finishes soon.
 */
class WorkerKillIT {

  private static final List<String> WORKERS = List.of("dispatch-worker", "dispatch-worker-2");
  private static final int RECIPIENTS = 20_000;

  /** More than are recorded in the moment between a look and the signal. */
  private static final int MANY_CLAIMS = 32;

  private static final Duration FINISHED_WITHIN = Duration.ofSeconds(20);

  @Test
  void losesNobodyAndSendsNobodyTwiceWhenAWorkerIsKilled() throws SQLException {
    Deployment deployment = SharedDeployment.ready();
    RestClient api = deployment.newTenant("Kill test");
    Walkthrough walkthrough = new Walkthrough(api);
    answerAfter(deployment, 3);
    walkthrough.importReachableContacts(0, RECIPIENTS, count -> {});
    String list = walkthrough.list("Everybody", 0, RECIPIENTS);
    String template = walkthrough.template("News");
    String account = walkthrough.emailAccount("Server", "localhost", deployment.smtpPort(), 0, 8);
    String broadcast = walkthrough.broadcast("Kill test", template, list, Map.of("email", account));

    walkthrough.start(broadcast);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> walkthrough.progress(broadcast).get("sent").asLong() > RECIPIENTS / 2);
    LedgerReader ledger = new LedgerReader(deployment, broadcast);
    try (Connection connection = ledger.connect()) {
      assertThat(senders(connection, broadcast)).as("workers that send").isEqualTo(2);
      // Answers take so long that the kill finds messages between claim and record.
      answerAfter(deployment, 500);
      // Either may have done all of its own by now.
      String busy =
          await()
              .atMost(Duration.ofSeconds(30))
              .pollInterval(Duration.ofMillis(5))
              .until(() -> busy(ledger, connection), Optional::isPresent)
              .orElseThrow();
      deployment.service(busy).kill();
      assertThat(ledger.openClaims(connection, busy))
          .as("claims the killed worker left open")
          .isPositive();
      answerAfter(deployment, 3);
    }
    long killed = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> walkthrough.progress(broadcast).get("state").asString().equals("completed"));
    Duration rest = Duration.ofNanos(System.nanoTime() - killed);

    JsonNode progress = walkthrough.progress(broadcast);
    JsonNode report = deployment.simulators().get("/simulator/report?marker=" + broadcast);
    System.out.printf(
        "killed; the rest took %.1f s; %s; providers: %d distinct, %d duplicates%n",
        rest.toMillis() / 1000.0,
        progress,
        report.get("distinct").asLong(),
        report.get("duplicates").asLong());
    long sent = progress.get("sent").asLong();
    long inDoubt = progress.get("in_doubt").asLong();
    assertThat(report.get("duplicates").asLong()).as("sent twice").isZero();
    assertThat(sent + inDoubt).as("nobody lost").isEqualTo(RECIPIENTS);
    // What is in doubt was either taken by the provider or not; what is sent was taken.
    assertThat(report.get("distinct").asLong()).isBetween(sent, sent + inDoubt);
    assertThat(inDoubt).as("in doubt, at most the claims of one worker").isBetween(1L, 256L);
    assertThat(rest).as("the rest after the kill").isLessThan(FINISHED_WITHIN);
  }

  private static Optional<String> busy(LedgerReader ledger, Connection connection)
      throws SQLException {
    for (String worker : WORKERS) {
      if (ledger.openClaims(connection, worker) > MANY_CLAIMS) {
        return Optional.of(worker);
      }
    }
    return Optional.empty();
  }

  private static void answerAfter(Deployment deployment, int millis) {
    deployment
        .simulators()
        .put(
            "/simulator/faults", Map.of("email", Map.of("stall_share", 1, "stall_millis", millis)));
  }

  private static final String SENDERS =
      """
      select count(distinct c.incarnation) from dispatch_worker.claim c
      join dispatch_worker.incarnation i on i.number = c.incarnation and i.ended_at is null
      where c.broadcast_id = ?
      """;

  private static long senders(Connection connection, String broadcast) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SENDERS)) {
      statement.setObject(1, UUID.fromString(broadcast));
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }
}
