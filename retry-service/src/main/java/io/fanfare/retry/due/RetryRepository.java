package io.fanfare.retry.due;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What is known of the recipients that ever needed another order. */
@Repository
public class RetryRepository {

  private static final String FIND =
      """
      select r.* from retry r
      join unnest(cast(:broadcasts as uuid[]), cast(:contacts as bigint[]), cast(:channels as text[]))
        as k (broadcast_id, contact_id, channel)
        using (broadcast_id, contact_id, channel)
      """;

  // The guard makes an older state lose, whichever instance writes last.
  private static final String SAVE =
      """
      insert into retry as r (broadcast_id, contact_id, channel, tenant_id, issue, attempt, bucket,
        granted, ledger_day, account_id, shard, variant, segment, due_at, announce_at, history)
      select broadcast_id, contact_id, channel, tenant_id, issue, attempt, bucket,
        granted, ledger_day, account_id, shard, variant, segment, due_at, due_at, history
      from unnest(
        cast(:broadcasts as uuid[]), cast(:contacts as bigint[]), cast(:channels as text[]),
        cast(:tenants as uuid[]), cast(:issues as int[]), cast(:attempts as int[]),
        cast(:buckets as text[]), cast(:granted as boolean[]), cast(:ledgerDays as date[]),
        cast(:accounts as uuid[]), cast(:shards as int[]), cast(:variants as text[]),
        cast(:segments as smallint[]), cast(:dueAt as timestamptz[]), cast(:histories as jsonb[]))
        as n (broadcast_id, contact_id, channel, tenant_id, issue, attempt, bucket, granted,
          ledger_day, account_id, shard, variant, segment, due_at, history)
      on conflict (broadcast_id, contact_id, channel) do update set
        issue = excluded.issue,
        attempt = excluded.attempt,
        bucket = excluded.bucket,
        granted = excluded.granted,
        due_at = excluded.due_at,
        announce_at = excluded.announce_at,
        announced_at = null,
        announcements = 0,
        history = excluded.history
      where excluded.issue > r.issue
      """;

  private static final TypeReference<List<Try>> HISTORY = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;

  RetryRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Those of the recipients that are known. */
  public Map<Recipient, Retry> find(Collection<Recipient> recipients) {
    List<Retry> found =
        jdbc.sql(FIND)
            .param("broadcasts", texts(recipients, Recipient::broadcastId))
            .param("contacts", recipients.stream().map(Recipient::contactId).toArray(Long[]::new))
            .param("channels", texts(recipients, Recipient::channel))
            .query((row, number) -> read(row))
            .list();
    Map<Recipient, Retry> retries = new HashMap<>();
    found.forEach(retry -> retries.put(retry.recipient(), retry));
    return retries;
  }

  /** What was tried for a recipient, oldest first. */
  public List<Try> history(Recipient recipient) {
    Retry retry = find(List.of(recipient)).get(recipient);
    return retry == null ? List.of() : retry.history();
  }

  /**
   * Keeps what is now known of recipients, each once; where a later issue is known already, nothing
   * changes.
   *
   * @param retries in the order of their recipients, so that two instances never wait for each
   *     other
   */
  public void save(Collection<Retry> retries) {
    jdbc.sql(SAVE)
        .param("broadcasts", texts(retries, retry -> retry.recipient().broadcastId()))
        .param(
            "contacts",
            retries.stream().map(retry -> retry.recipient().contactId()).toArray(Long[]::new))
        .param("channels", texts(retries, retry -> retry.recipient().channel()))
        .param("tenants", texts(retries, Retry::tenantId))
        .param("issues", retries.stream().map(Retry::issue).toArray(Integer[]::new))
        .param("attempts", retries.stream().map(Retry::attempt).toArray(Integer[]::new))
        .param("buckets", texts(retries, retry -> retry.bucket().id()))
        .param("granted", texts(retries, Retry::granted))
        .param("ledgerDays", texts(retries, Retry::ledgerDay))
        .param("accounts", texts(retries, retry -> retry.lane().accountId()))
        .param(
            "shards", retries.stream().map(retry -> retry.lane().shard()).toArray(Integer[]::new))
        .param("variants", texts(retries, Retry::variant))
        .param("segments", texts(retries, Retry::segment))
        .param("dueAt", texts(retries, Retry::dueAt))
        .param("histories", texts(retries, retry -> json.writeValueAsString(retry.history())))
        .update();
  }

  /**
   * How the retries of a broadcast stand.
   *
   * @param waiting not announced yet
   * @param announced announced, without a result
   * @param nextDueAt when the first of the waiting ones is due
   */
  public record Standing(long waiting, long announced, @Nullable Instant nextDueAt) {}

  /** How the retries of a broadcast stand. */
  public Standing standing(UUID broadcastId) {
    return jdbc.sql(
            """
            select count(*) filter (where announced_at is null) as waiting,
              count(*) filter (where announced_at is not null) as announced,
              min(due_at) filter (where announced_at is null) as next_due_at
            from retry where broadcast_id = :broadcast and announce_at is not null
            """)
        .param("broadcast", broadcastId)
        .query((row, number) ->
            new Standing(
                row.getLong("waiting"), row.getLong("announced"), instant(row, "next_due_at")))
        .single();
  }

  /** A row of the table. */
  public Retry read(ResultSet row) throws SQLException {
    return new Retry(
        new Recipient(
            row.getObject("broadcast_id", UUID.class),
            row.getLong("contact_id"),
            Channel.of(row.getString("channel"))),
        row.getObject("tenant_id", UUID.class),
        row.getInt("issue"),
        row.getInt("attempt"),
        Bucket.valueOf(row.getString("bucket").toUpperCase(Locale.ROOT)),
        row.getBoolean("granted"),
        row.getObject("ledger_day", LocalDate.class),
        new Lane(row.getObject("account_id", UUID.class), row.getInt("shard")),
        row.getString("variant"),
        row.getObject("segment", Integer.class),
        instant(row, "due_at"),
        json.readValue(row.getString("history"), HISTORY));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  private static <T> @Nullable String[] texts(
      Collection<T> rows, Function<T, @Nullable Object> column) {
    @Nullable String[] texts = new @Nullable String[rows.size()];
    int i = 0;
    for (T row : rows) {
      Object value = column.apply(row);
      texts[i++] = value == null ? null : value.toString();
    }
    return texts;
  }
}
