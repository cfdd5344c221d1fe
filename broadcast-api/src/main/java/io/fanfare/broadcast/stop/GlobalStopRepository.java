package io.fanfare.broadcast.stop;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The one row that says whether all sending is stopped. */
@Repository
class GlobalStopRepository {

  private final JdbcClient jdbc;

  GlobalStopRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  GlobalStopView find() {
    return find("");
  }

  /** Nobody else changes it before the transaction ends. */
  GlobalStopView lock() {
    return find(" for update");
  }

  private GlobalStopView find(String locked) {
    return jdbc.sql("select reason, changed_at, changed_by from global_stop" + locked)
        .query((row, number) ->
            new GlobalStopView(
                row.getString("reason") != null,
                row.getString("reason"),
                row.getTimestamp("changed_at").toInstant(),
                row.getString("changed_by")))
        .single();
  }

  Optional<String> reason() {
    return jdbc.sql("select reason from global_stop where reason is not null")
        .query(String.class)
        .optional();
  }

  /**
   * Stops, or lifts.
   *
   * @return the new epoch
   */
  long change(@Nullable String reason, String actor) {
    return jdbc.sql(
            """
            update global_stop
            set epoch = epoch + 1, reason = :reason, changed_at = now(), changed_by = :actor
            returning epoch
            """)
        .param("reason", reason)
        .param("actor", actor)
        .query(Long.class)
        .single();
  }
}
