package io.fanfare.audience.progress;

import io.fanfare.audience.Loop;
import io.fanfare.audience.PoolProperties;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Says in the log where running broadcasts stand, at most {@value #MOST} of them each time. */
@Component
class ProgressLogLoop extends Loop {

  private static final int MOST = 50;
  private static final Logger log = LoggerFactory.getLogger(ProgressLogLoop.class);

  private record Running(UUID tenantId, UUID broadcastId) {}

  ProgressLogLoop(JdbcTemplate jdbc, ProgressRepository progress, PoolProperties pools) {
    super(
        "progress-log",
        pools.progressLog(),
        () -> {
          say(jdbc, progress);
          return false;
        });
  }

  private static void say(JdbcTemplate jdbc, ProgressRepository progress) {
    List<Running> running =
        jdbc.query(
            """
            select tenant_id, broadcast_id from broadcast_run
            where open and state = 'running' and not messages order by created_at limit ?
            """,
            (row, index) ->
                new Running(
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("broadcast_id", UUID.class)),
            MOST);
    for (Running run : running) {
      progress.find(run.tenantId, run.broadcastId).ifPresent(found -> log.info("{}", line(found)));
    }
  }

  static String line(Progress progress) {
    Counters at = progress.total();
    return "broadcast %s: %d of %d sent, %d pending, %d in flight, %d retrying, %d failed, %d dead,"
            .formatted(
                progress.broadcastId(),
                at.sent(),
                at.planned(),
                at.pending(),
                at.inFlight(),
                at.retrying(),
                at.failed(),
                at.dead())
        + " %d in doubt, %d skipped, %d cancelled"
            .formatted(at.inDoubt(), at.skipped(), at.cancelled());
  }
}
