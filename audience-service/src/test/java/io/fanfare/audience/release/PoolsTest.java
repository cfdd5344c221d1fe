package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** The bounds of pools that are set by the environment. */
@ExtendWith(AudienceExtension.class)
@AudienceExtension.Settings({
  "BROADCAST_MAX_POOLS_PER_USER=2",
  "BROADCAST_COMPLETION_CHECK_SECONDS=1",
  "BROADCAST_PROGRESS_LOG_SECONDS=1"
})
class PoolsTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  PoolsTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void onlySoManyBroadcastsOfATenantReleaseAtATimeAndTheNextFollowsWhenOneIsDone() {
    BroadcastControl first = start(scenario);
    List<SendMessage> ofFirst = worker.await(5);
    start(scenario);
    worker.await(5);
    BroadcastControl third = start(scenario);
    scenario.awaitFrozen(third);
    assertThat(worker.settled()).isEmpty();
    assertThat(scenario.progress(third).path("pending").asLong()).isEqualTo(5);

    start(new Scenario(audience));
    assertThat(worker.await(5)).as("another tenant does not wait").hasSize(5);

    worker.end(ofFirst, Outcome.SENT);
    scenario.awaitSignal(first, Signal.COMPLETE);
    assertThat(worker.await(5))
        .allMatch(command -> command.broadcastId().equals(third.broadcastId()));
  }

  @Test
  void aBroadcastThatSettledUnnoticedIsFoundByTheCheckOfAll() {
    UUID unknown = UUID.randomUUID();
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(scenario.contacts(5)), Scenario.plan(Channel.EMAIL, unknown, 1));
    scenario.awaitFrozen(broadcast);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            audience
                    .jdbc()
                    .update(
                        """
                        update run_lane set pending = 0, cancelled = planned
                        where broadcast_id = ? and exists (
                          select from broadcast_run r where r.broadcast_id = run_lane.broadcast_id
                            and r.updated_at < now() - interval '4 seconds')
                        """,
                        broadcast.broadcastId())
                == 1);
    audience.jdbc().update("delete from chunk where broadcast_id = ?", broadcast.broadcastId());
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void theLogSaysWhereRunningBroadcastsStand() {
    Logger logger =
        (Logger) LoggerFactory.getLogger("io.fanfare.audience.progress.ProgressLogLoop");
    Level before = logger.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      BroadcastControl broadcast = start(scenario);
      worker.await(5);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              List.copyOf(lines.list).stream()
                  .map(ILoggingEvent::getFormattedMessage)
                  .anyMatch(line ->
                      line.startsWith(
                          "broadcast "
                              + broadcast.broadcastId()
                              + ": 0 of 5 sent, 0 pending, 5 in flight")));
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(before);
    }
  }

  @Test
  void theBoundsCanBeSeen() {
    assertThat(audience.text("/actuator/info"))
        .contains(
            "\"broadcast_max_pools_per_user\":2",
            "\"broadcast_completion_check_seconds\":1",
            "\"broadcast_progress_log_seconds\":1",
            "\"unlimited_outstanding\":20000");
  }

  private BroadcastControl start(Scenario tenant) {
    UUID account = tenant.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        tenant.start(tenant.list(tenant.contacts(5)), Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(broadcast);
    return broadcast;
  }
}
