package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.content.BroadcastContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the variants of a test say, as it was frozen at the start, until the winner is known. */
@Repository
class VariantContentRepository {

  private final JdbcClient jdbc;

  VariantContentRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(List<BroadcastContent> contents) {
    for (BroadcastContent content : contents) {
      jdbc.sql(
              """
              insert into variant_content (broadcast_id, variant, channel, content)
              values (:id, :variant, :channel, :content)
              """)
          .param("id", content.broadcastId())
          .param("variant", content.variant())
          .param("channel", content.channel().name())
          .param("content", new String(EventCodec.encode(content), StandardCharsets.UTF_8))
          .update();
    }
  }

  List<BroadcastContent> of(UUID broadcastId, String variant) {
    return jdbc.sql(
            """
            select content from variant_content
            where broadcast_id = :id and variant = :variant
            order by channel
            """)
        .param("id", broadcastId)
        .param("variant", variant)
        .query((row, number) ->
            EventCodec.decode(
                BroadcastContent.class, row.getString(1).getBytes(StandardCharsets.UTF_8)))
        .list();
  }

  void delete(UUID broadcastId) {
    jdbc.sql("delete from variant_content where broadcast_id = :id")
        .param("id", broadcastId)
        .update();
  }
}
