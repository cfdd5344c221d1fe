package io.fanfare.retry.broadcast;

import io.fanfare.contract.broadcast.GlobalStop;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Whether the operator has stopped all sending. */
@Repository
public class GlobalStopRepository {

  private final JdbcClient jdbc;

  GlobalStopRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps it unless a newer one is known. */
  void save(GlobalStop stop) {
    jdbc.sql(
            """
            insert into global_stop as s (epoch, stopped) values (:epoch, :stopped)
            on conflict (id) do update set epoch = excluded.epoch, stopped = excluded.stopped
            where s.epoch < excluded.epoch
            """)
        .param("epoch", stop.epoch())
        .param("stopped", stop.stopped())
        .update();
  }

  /** No retry may be announced. */
  public boolean isOn() {
    return jdbc.sql("select exists (select from global_stop where stopped)")
        .query(Boolean.class)
        .single();
  }
}
