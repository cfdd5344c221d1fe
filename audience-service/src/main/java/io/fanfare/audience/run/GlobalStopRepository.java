package io.fanfare.audience.run;

import io.fanfare.contract.broadcast.GlobalStop;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Whether the operator has stopped all sending. */
@Repository
public class GlobalStopRepository {

  private final JdbcTemplate jdbc;

  GlobalStopRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps it unless a newer one is known. */
  void keep(GlobalStop stop) {
    jdbc.update(
        """
        insert into global_stop as s (epoch, stopped) values (?, ?)
        on conflict (id) do update
        set epoch = excluded.epoch, stopped = excluded.stopped, changed_at = now()
        where s.epoch < excluded.epoch
        """,
        stop.epoch(),
        stop.stopped());
  }

  /** Nothing may be released. */
  public boolean isOn() {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from global_stop where stopped)", Boolean.class));
  }
}
