package io.fanfare.dispatch.engagement.telegram;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Who asks for the updates of which bot, by the clock of the database. */
@Repository
public class PollerLeases {

  private static final String HOLD =
      """
      insert into poller_lease as l (bot, holder, until)
      select k, ?, clock_timestamp() + ? * interval '1 millisecond' from unnest(?::text[]) as k order by k
      on conflict (bot) do update set holder = excluded.holder, until = excluded.until
      where l.holder = excluded.holder or l.until < clock_timestamp()
      returning bot
      """;

  private final JdbcTemplate jdbc;

  public PollerLeases(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes or renews leases.
   *
   * @return the bots that are this holder's for the whole of {@code lease} from the call on
   */
  public Set<String> hold(UUID holder, Collection<String> bots, Duration lease) {
    return bots.isEmpty()
        ? Set.of()
        : new HashSet<>(
            jdbc.queryForList(
                HOLD, String.class, holder, lease.toMillis(), bots.toArray(String[]::new)));
  }

  /** Leaves bots to others at once. */
  public void release(UUID holder, Collection<String> bots) {
    if (!bots.isEmpty()) {
      jdbc.update(
          "delete from poller_lease where holder = ? and bot = any(?)",
          holder,
          bots.toArray(String[]::new));
    }
  }

  /** Forgets bots nobody has asked for some time. */
  public void forgetUnused(Duration since) {
    jdbc.update(
        "delete from poller_lease where until < clock_timestamp() - ? * interval '1 millisecond'",
        since.toMillis());
  }
}
