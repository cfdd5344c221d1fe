package io.fanfare.broadcast.broadcast;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The keys under which contents lie on their compacted topic. */
@Repository
class ContentKeyRepository {

  private final JdbcClient jdbc;

  ContentKeyRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(UUID broadcastId, String key) {
    jdbc.sql(
            """
            insert into broadcast_content_key (broadcast_id, record_key) values (:id, :key)
            on conflict do nothing
            """)
        .param("id", broadcastId)
        .param("key", key)
        .update();
  }

  List<String> of(UUID broadcastId) {
    return jdbc.sql("select record_key from broadcast_content_key where broadcast_id = :id")
        .param("id", broadcastId)
        .query((row, number) -> row.getString(1))
        .list();
  }

  void delete(UUID broadcastId) {
    jdbc.sql("delete from broadcast_content_key where broadcast_id = :id")
        .param("id", broadcastId)
        .update();
  }
}
