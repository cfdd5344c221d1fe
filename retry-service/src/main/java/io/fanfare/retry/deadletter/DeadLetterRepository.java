package io.fanfare.retry.deadletter;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.retry.due.Try;
import io.fanfare.support.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The dead letters. */
@Repository
public class DeadLetterRepository {

  private static final String OPEN =
      """
      insert into dead_letter (id, tenant_id, broadcast_id, contact_id, channel, issue, variant,
        ledger_day, outcome, attempts, code, detail, provider_code, at, changed_at)
      select n.*, n.at from unnest(
        cast(:ids as uuid[]), cast(:tenants as uuid[]), cast(:broadcasts as uuid[]),
        cast(:contacts as bigint[]), cast(:channels as text[]), cast(:issues as int[]),
        cast(:variants as text[]), cast(:ledgerDays as date[]), cast(:outcomes as text[]),
        cast(:attempts as int[]), cast(:codes as text[]), cast(:details as text[]),
        cast(:providerCodes as text[]), cast(:at as timestamptz[]))
        as n (id, tenant_id, broadcast_id, contact_id, channel, issue, variant, ledger_day,
          outcome, attempts, code, detail, provider_code, at)
      on conflict (broadcast_id, contact_id, channel, issue) do nothing
      """;

  private static final String RESOLVE =
      """
      update dead_letter d set state = 'resolved', resolution = e.outcome, changed_at = e.at
      from unnest(
        cast(:broadcasts as uuid[]), cast(:contacts as bigint[]), cast(:channels as text[]),
        cast(:issues as int[]), cast(:outcomes as text[]), cast(:at as timestamptz[]))
        as e (broadcast_id, contact_id, channel, issue, outcome, at)
      where d.broadcast_id = e.broadcast_id and d.contact_id = e.contact_id
        and d.channel = e.channel and d.issue < e.issue and d.state in ('open', 'requeued')
      """;

  private static final String MATCHES =
      """
       tenant_id = :tenant
        and (cast(:broadcast as uuid) is null or broadcast_id = :broadcast)
        and (cast(:channel as text) is null or channel = :channel)
        and (cast(:state as text) is null or state = :state)
        and (cast(:outcome as text) is null or outcome = :outcome)
        and (cast(:code as text) is null or code = :code)
        and (cast(:ids as uuid[]) is null or id = any(cast(:ids as uuid[])))
      """;

  private static final String LIST =
      "select * from dead_letter where"
          + MATCHES
          + " and (cast(:before as uuid) is null or id < :before) order by id desc limit :limit";

  private static final String CHOSEN =
      "with chosen as (select id from dead_letter where"
          + MATCHES
          + " and state = 'open' order by id limit :limit for update)";

  // The issue after the one that was given up: the retry remembers it, with lane and variant.
  private static final String REQUEUE =
      CHOSEN
          + """
          , marked as (
            update dead_letter d set state = 'requeued', changed_at = :now
            from chosen c where d.id = c.id
            returning d.broadcast_id, d.contact_id, d.channel, d.issue, d.outcome, d.ledger_day
          ), noted as (
            insert into hand_order
              (broadcast_id, contact_id, channel, issue, what, actor, at, ledger_day)
            select broadcast_id, contact_id, channel, issue + 1, 'requeue', :actor, :now, ledger_day
            from marked on conflict do nothing
          ), ordered as (
            update retry r set attempt = 1, bucket = m.outcome, granted = true, due_at = :now,
              announce_at = :now, announced_at = null, announcements = 0
            from marked m
            where r.broadcast_id = m.broadcast_id and r.contact_id = m.contact_id
              and r.channel = m.channel and r.issue = m.issue + 1 and r.due_at is null
            returning 1
          )
          select (select count(*) from marked) as marked, (select count(*) from ordered) as ordered
          """;

  private static final String DISCARD =
      CHOSEN
          + """
          , marked as (
            update dead_letter d set state = 'discarded', changed_at = :now
            from chosen c where d.id = c.id
            returning d.broadcast_id, d.contact_id, d.channel, d.issue, d.ledger_day
          ), noted as (
            insert into hand_order
              (broadcast_id, contact_id, channel, issue, what, actor, at, ledger_day)
            select broadcast_id, contact_id, channel, issue + 1, 'discard', :actor, :now, ledger_day
            from marked on conflict do nothing
          )
          select count(*) from marked
          """;

  private final JdbcClient jdbc;

  DeadLetterRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Opens a dead letter for each of these results; one that has one keeps it. */
  public void open(List<DeliveryEvent> givenUp) {
    jdbc.sql(OPEN)
        .param("ids", texts(givenUp, event -> Ids.next()))
        .param("tenants", texts(givenUp, DeliveryEvent::tenantId))
        .param("broadcasts", texts(givenUp, DeliveryEvent::broadcastId))
        .param("contacts", texts(givenUp, DeliveryEvent::contactId))
        .param("channels", texts(givenUp, DeliveryEvent::channel))
        .param("issues", texts(givenUp, DeliveryEvent::issue))
        .param("variants", texts(givenUp, DeliveryEvent::variant))
        .param("ledgerDays", texts(givenUp, DeliveryEvent::ledgerDay))
        .param("outcomes", texts(givenUp, event -> event.outcome().id()))
        .param("attempts", texts(givenUp, DeliveryEvent::attempt))
        .param("codes", causes(givenUp, Try::code))
        .param("details", causes(givenUp, Try::detail))
        .param("providerCodes", causes(givenUp, Try::providerCode))
        .param("at", texts(givenUp, DeliveryEvent::at))
        .update();
  }

  /** Resolves the dead letters of earlier orders of these recipients, which have an end now. */
  public void resolve(List<DeliveryEvent> ends) {
    jdbc.sql(RESOLVE)
        .param("broadcasts", texts(ends, DeliveryEvent::broadcastId))
        .param("contacts", texts(ends, DeliveryEvent::contactId))
        .param("channels", texts(ends, DeliveryEvent::channel))
        .param("issues", texts(ends, DeliveryEvent::issue))
        .param("outcomes", texts(ends, event -> event.outcome().id()))
        .param("at", texts(ends, DeliveryEvent::at))
        .update();
  }

  /** Those of one contact in a broadcast, in the order in which they were given up. */
  public List<Given> ofContact(UUID tenantId, UUID broadcastId, long contactId) {
    return jdbc.sql(
            """
            select id, channel, issue, outcome, at from dead_letter
            where broadcast_id = :broadcast and contact_id = :contact and tenant_id = :tenant
            order by at, issue limit 200
            """)
        .param("broadcast", broadcastId)
        .param("contact", contactId)
        .param("tenant", tenantId)
        .query((row, number) ->
            new Given(
                row.getObject("id", UUID.class),
                row.getString("channel"),
                row.getInt("issue"),
                row.getString("outcome"),
                instant(row, "at")))
        .list();
  }

  /** A dead letter in short. */
  public record Given(UUID id, String channel, int issue, String outcome, Instant at) {}

  /** Those that match, newest first, beginning before an id. */
  List<DeadLetter> list(DeadLetterFilter filter, @Nullable UUID before, int limit) {
    return filtered(LIST, filter)
        .param("before", before)
        .param("limit", limit)
        .query((row, number) -> read(row))
        .list();
  }

  /**
   * Orders the next try of open ones that match, at once.
   *
   * @return how many; as many as the limit when there may be more
   */
  int requeue(DeadLetterFilter filter, String actor, Instant now, int limit) {
    return filtered(REQUEUE, filter)
        .param("actor", actor)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query((row, number) -> {
          if (row.getInt("marked") != row.getInt("ordered")) {
            throw new IllegalStateException(
                "%d dead letters, but %d recipients that could be tried again"
                    .formatted(row.getInt("marked"), row.getInt("ordered")));
          }
          return row.getInt("marked");
        })
        .single();
  }

  /**
   * Discards open ones that match.
   *
   * @return how many; as many as the limit when there may be more
   */
  int discard(DeadLetterFilter filter, String actor, Instant now, int limit) {
    return filtered(DISCARD, filter)
        .param("actor", actor)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query((row, number) -> row.getInt(1))
        .single();
  }

  /** How many dead letters of a broadcast are in each state that has any. */
  Map<String, Long> countByState(UUID broadcastId) {
    Map<String, Long> counts = new TreeMap<>();
    jdbc.sql("select state, count(*) from dead_letter where broadcast_id = :id group by state")
        .param("id", broadcastId)
        .query(row -> {
          counts.put(row.getString(1), row.getLong(2));
        });
    return counts;
  }

  private StatementSpec filtered(String sql, DeadLetterFilter filter) {
    List<UUID> ids = filter.ids();
    return jdbc.sql(sql)
        .param("tenant", filter.tenantId())
        .param("broadcast", filter.broadcastId())
        .param("channel", filter.channel())
        .param("state", filter.state())
        .param("outcome", filter.outcome())
        .param("code", filter.code())
        .param("ids", ids == null ? null : ids.stream().map(UUID::toString).toArray(String[]::new));
  }

  private static DeadLetter read(ResultSet row) throws SQLException {
    String code = row.getString("code");
    return new DeadLetter(
        row.getObject("id", UUID.class),
        row.getObject("broadcast_id", UUID.class),
        row.getLong("contact_id"),
        row.getString("channel"),
        row.getString("variant"),
        row.getInt("issue"),
        row.getString("outcome"),
        row.getInt("attempts"),
        DeadLetter.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        code == null
            ? null
            : new Cause(code, row.getString("detail"), row.getString("provider_code")),
        instant(row, "at"),
        row.getString("resolution"),
        instant(row, "changed_at"),
        null);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static String[] texts(
      List<DeliveryEvent> events, Function<DeliveryEvent, Object> column) {
    return events.stream().map(event -> column.apply(event).toString()).toArray(String[]::new);
  }

  private static @Nullable String[] causes(
      List<DeliveryEvent> events, Function<Try, @Nullable String> column) {
    @Nullable String[] texts = new @Nullable String[events.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = column.apply(Try.of(events.get(i)));
    }
    return texts;
  }
}
