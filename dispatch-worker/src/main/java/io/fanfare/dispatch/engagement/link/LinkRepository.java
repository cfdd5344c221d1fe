package io.fanfare.dispatch.engagement.link;

import io.fanfare.contract.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Keeps the links of contents. The first to write a content's links decides their numbers. */
@Repository
public class LinkRepository {

  /**
   * The links of a content.
   *
   * @param tenantId whose content it is
   * @param targets by number
   * @param category of the messages; null when they have none
   */
  public record StoredLinks(
      UUID tenantId, Map<Integer, String> targets, @Nullable String category) {}

  private final JdbcTemplate jdbc;

  LinkRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Writes what is not written yet, and gives what is. */
  StoredLinks store(
      UUID tenantId,
      UUID broadcastId,
      String variant,
      Channel channel,
      List<FoundLink> links,
      @Nullable String category) {
    int[] numbers = new int[links.size() + 1];
    String[] targets = new String[links.size() + 1];
    targets[0] = "";
    for (int i = 0; i < links.size(); i++) {
      numbers[i + 1] = links.get(i).number();
      targets[i + 1] = links.get(i).target();
    }
    jdbc.update(
        """
        insert into link (broadcast_id, variant, channel, number, tenant_id, target, category)
        select ?, ?, ?, l.number, ?, l.target, case when l.number = 0 then cast(? as text) end
        from unnest(?::int[], ?::text[]) as l(number, target)
        on conflict do nothing
        """,
        broadcastId,
        variant,
        channel.name(),
        tenantId,
        category,
        numbers,
        targets);
    return find(broadcastId, variant, channel)
        .orElseThrow(() -> new IllegalStateException("links were written and are not there"));
  }

  /** The links of a content that was compiled once. */
  public Optional<StoredLinks> find(UUID broadcastId, String variant, Channel channel) {
    Map<Integer, String> targets = new HashMap<>();
    UUID[] tenant = new UUID[1];
    AtomicReference<@Nullable String> category = new AtomicReference<>();
    jdbc.query(
        """
        select number, tenant_id, target, category from link
        where broadcast_id = ? and variant = ? and channel = ?
        """,
        row -> {
          if (row.getInt("number") == 0) {
            tenant[0] = row.getObject("tenant_id", UUID.class);
            category.set(row.getString("category"));
          } else {
            targets.put(row.getInt("number"), row.getString("target"));
          }
        },
        broadcastId,
        variant,
        channel.name());
    return tenant[0] == null
        ? Optional.empty()
        : Optional.of(new StoredLinks(tenant[0], Map.copyOf(targets), category.get()));
  }
}
