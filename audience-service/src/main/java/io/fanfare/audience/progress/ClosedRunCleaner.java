package io.fanfare.audience.progress;

import io.fanfare.audience.Loop;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Forgets which returns and retries of a broadcast were seen, and how fast it went, a day after it
 * had nothing more to do: until then a record may come a second time.
 */
@Component
class ClosedRunCleaner extends Loop {

  private static final Duration PAUSE = Duration.ofHours(1);

  ClosedRunCleaner(JdbcTemplate jdbc) {
    super(
        "closed-run-cleaner",
        PAUSE,
        () -> {
          clean(jdbc);
          return false;
        });
  }

  private static void clean(JdbcTemplate jdbc) {
    jdbc.update(
        """
        delete from returned_seen s using broadcast_run r
        where r.broadcast_id = s.broadcast_id
          and not r.open and r.updated_at < now() - interval '1 day'
        """);
    jdbc.update(
        """
        delete from in_doubt_end e using broadcast_run r
        where r.broadcast_id = e.broadcast_id and r.state <> 'running'
          and not r.open and r.updated_at < now() - interval '1 day'
        """);
    jdbc.update(
        """
        delete from due_retry d using broadcast_run r
        where r.broadcast_id = d.broadcast_id and d.released_at < now() - interval '1 day'
          and not r.open and r.updated_at < now() - interval '1 day'
        """);
    for (String table : List.of("pace_sample", "pace", "held_back", "put_off")) {
      jdbc.update(
          "delete from "
              + table
              + " p using broadcast_run r where r.broadcast_id = p.broadcast_id"
              + " and not r.open and r.updated_at < now() - interval '1 day'");
    }
  }
}
