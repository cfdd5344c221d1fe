package io.fanfare.analytics.audience;

import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.Audience.Part;
import io.fanfare.contract.broadcast.BroadcastControl;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores what audiences are made of; it never changes once a broadcast has a control. */
@Repository
class AudiencePartRepository {

  private static final String REMEMBER =
      """
      insert into audience_part (broadcast_id, segment, kind, id)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:segments as int[]), cast(:kinds as text[]),
        cast(:ids as uuid[]))
      on conflict do nothing
      """;

  private record Numbered(UUID broadcastId, int segment, Part part) {}

  private final JdbcClient jdbc;

  AudiencePartRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void remember(List<BroadcastControl> controls) {
    List<Numbered> parts = new ArrayList<>();
    for (BroadcastControl control : controls) {
      Audience audience = control.audience();
      if (audience != null) {
        for (int i = 0; i < audience.include().size(); i++) {
          parts.add(new Numbered(control.broadcastId(), i + 1, audience.include().get(i)));
        }
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    jdbc.sql(REMEMBER)
        .param(
            "broadcasts",
            parts.stream().map(part -> part.broadcastId().toString()).toArray(String[]::new))
        .param("segments", parts.stream().map(Numbered::segment).toArray(Integer[]::new))
        .param("kinds", parts.stream().map(part -> part.part().kind().id()).toArray(String[]::new))
        .param(
            "ids", parts.stream().map(part -> part.part().id().toString()).toArray(String[]::new))
        .update();
  }
}
