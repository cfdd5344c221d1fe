package io.fanfare.analytics.rebuild;

import io.fanfare.analytics.rebuild.Rebuild.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What came of rebuilds; the newest 100 are kept. */
@Repository
class RebuildRepository {

  static final int KEPT = 100;
  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcClient jdbc;

  RebuildRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Rebuild> newest() {
    return jdbc.sql("select * from rebuild order by started_at desc, id desc limit 1")
        .query((row, number) -> rebuild(row))
        .optional();
  }

  Optional<Rebuild> find(UUID id) {
    return jdbc.sql("select * from rebuild where id = :id")
        .param("id", id)
        .query((row, number) -> rebuild(row))
        .optional();
  }

  void begin(UUID id, Instant at) {
    jdbc.sql("insert into rebuild (id, state, started_at) values (:id, 'running', :at)")
        .param("id", id)
        .param("at", at.atOffset(java.time.ZoneOffset.UTC))
        .update();
    jdbc.sql(
            """
            delete from rebuild where id not in (
              select id from rebuild order by started_at desc, id desc limit :kept)
            """)
        .param("kept", KEPT)
        .update();
  }

  void counted(UUID id, long records) {
    jdbc.sql("update rebuild set counted = :records where id = :id")
        .param("records", records)
        .param("id", id)
        .update();
  }

  /** Ends those whose instance is no more; only for whoever has the lock of rebuilds. */
  int endDead(Instant at) {
    return jdbc.sql(
            """
            update rebuild set state = 'interrupted', ended_at = :at,
              detail = 'the instance that ran it is no more'
            where state = 'running'
            """)
        .param("at", at.atOffset(java.time.ZoneOffset.UTC))
        .update();
  }

  /** In the transaction of the swap, if there is one. */
  void compared(UUID id, Comparison comparison, Instant at) {
    jdbc.sql(
            """
            update rebuild set state = :state, ended_at = :at, compared_rows = :rows,
              compared_broadcasts = :broadcasts, sealed_broadcasts = :sealed,
              differing_rows = :differing, differences = cast(:differences as jsonb)
            where id = :id
            """)
        .param("state", (comparison.isEqual() ? State.SWAPPED : State.DIFFERS).id())
        .param("at", at.atOffset(java.time.ZoneOffset.UTC))
        .param("rows", comparison.rows())
        .param("broadcasts", comparison.broadcasts())
        .param("sealed", comparison.sealedBroadcasts())
        .param("differing", comparison.differingRows())
        .param("differences", JSON.writeValueAsString(comparison.differences()))
        .param("id", id)
        .update();
  }

  void failed(UUID id, String detail, Instant at) {
    jdbc.sql(
            """
            update rebuild set state = 'failed', ended_at = :at, detail = :detail
            where id = :id and state = 'running'
            """)
        .param("at", at.atOffset(java.time.ZoneOffset.UTC))
        .param("detail", detail)
        .param("id", id)
        .update();
  }

  private static Rebuild rebuild(ResultSet row) throws SQLException {
    Instant startedAt = instant(row, "started_at");
    String differences = row.getString("differences");
    return new Rebuild(
        row.getObject("id", UUID.class),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        startedAt == null ? Instant.EPOCH : startedAt,
        instant(row, "ended_at"),
        row.getLong("counted"),
        row.getObject("compared_rows", Long.class),
        row.getObject("compared_broadcasts", Long.class),
        row.getObject("sealed_broadcasts", Long.class),
        row.getObject("differing_rows", Long.class),
        differences == null
            ? List.of()
            : JSON.readValue(differences, new TypeReference<List<Difference>>() {}),
        row.getString("detail"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
