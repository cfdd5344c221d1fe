package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Where the links of contents lead, kept as long as anybody may follow them. */
@Repository
class LinkRepository {

  /**
   * The links of a content.
   *
   * @param tenantId whose it is
   * @param targets where they lead; the first one is link 1
   */
  record Links(UUID tenantId, List<String> targets) {

    /** Where a link leads; empty for one the content has not. */
    Optional<String> target(int number) {
      return number >= 1 && number <= targets.size()
          ? Optional.of(targets.get(number - 1))
          : Optional.empty();
    }
  }

  private final JdbcTemplate jdbc;

  LinkRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps the links of a content; does nothing when another worker has kept them. */
  void keep(UUID broadcastId, Channel channel, String variant, Links links) {
    List<Object[]> rows = new ArrayList<>();
    // Link 0 is the message itself: a content without links has an owner, too.
    rows.add(new Object[] {broadcastId, channel.name(), variant, 0, links.tenantId(), ""});
    for (String target : links.targets()) {
      rows.add(
          new Object[] {
            broadcastId, channel.name(), variant, rows.size(), links.tenantId(), target
          });
    }
    jdbc.batchUpdate(
        """
        insert into link (broadcast_id, channel, variant, number, tenant_id, target)
        values (?, ?, ?, ?, ?, ?) on conflict do nothing
        """,
        rows);
  }

  /** The links of a content; empty when it has none that are kept. */
  Optional<Links> find(UUID broadcastId, Channel channel, String variant) {
    List<String> targets = new ArrayList<>();
    List<UUID> tenant = new ArrayList<>();
    jdbc.query(
        """
        select number, tenant_id, target from link
        where broadcast_id = ? and channel = ? and variant = ? order by number
        """,
        row -> {
          if (row.getInt("number") == 0) {
            tenant.add(row.getObject("tenant_id", UUID.class));
          } else {
            targets.add(row.getString("target"));
          }
        },
        broadcastId,
        channel.name(),
        variant);
    return tenant.stream().findFirst().map(owner -> new Links(owner, List.copyOf(targets)));
  }
}
