package io.fanfare.analytics.stats;

import io.fanfare.analytics.stats.BroadcastStats.AttemptCounts;
import io.fanfare.analytics.stats.BroadcastStats.ChannelStats;
import io.fanfare.analytics.stats.BroadcastStats.MinuteStats;
import io.fanfare.analytics.stats.BroadcastStats.RecipientCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads the figures of one broadcast; a handful of rows, however many recipients it has. */
@Repository
class StatsRepository {

  private static final int MAX_MINUTES = 1_440;

  private static final String RECIPIENTS =
      """
      select channel, variant, sent, failed, dead, in_doubt, skipped, cancelled, retrying,
        fell_back, first_at, last_at
      from recipient_count
      where broadcast_id = :broadcast and tenant_id = :tenant
      """;

  /** Outcomes as columns, so that each row is one {@link AttemptCounts}. */
  private static final String OUTCOMES =
      """
        coalesce(sum(attempts) filter (where outcome = 'sent'), 0) as sent,
        coalesce(sum(attempts) filter (where outcome = 'failed'), 0) as failed,
        coalesce(sum(attempts) filter (where outcome = 'dead'), 0) as dead,
        coalesce(sum(attempts) filter (where outcome = 'retrying'), 0) as retrying,
        coalesce(sum(attempts) filter (where outcome = 'rate_limited'), 0) as rate_limited,
        coalesce(sum(attempts) filter (where outcome = 'in_doubt'), 0) as in_doubt,
        coalesce(sum(attempts) filter (where outcome = 'returned'), 0) as returned,
        coalesce(sum(attempts) filter (where outcome = 'skipped'), 0) as skipped,
        coalesce(sum(attempts) filter (where outcome = 'cancelled'), 0) as cancelled,
        coalesce(sum(attempts) filter (where outcome = 'fell_back'), 0) as fell_back
      """;

  private static final String ATTEMPTS =
      "select channel, "
          + OUTCOMES
          + " from attempt_count where broadcast_id = :broadcast group by channel";

  private static final String CAUSES =
      """
      select channel, code, sum(attempts) as attempts
      from cause_count where broadcast_id = :broadcast group by channel, code
      """;

  private static final String MINUTES =
      "select minute, "
          + OUTCOMES
          + " from minute_count where broadcast_id = :broadcast"
          + " group by minute order by minute desc limit :limit";

  private final JdbcClient jdbc;
  private final EngagementRepository engagement;

  StatsRepository(JdbcClient jdbc, EngagementRepository engagement) {
    this.jdbc = jdbc;
    this.engagement = engagement;
  }

  /**
   * The figures as of one moment; empty when no event of such a broadcast of the tenant came yet.
   */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Optional<BroadcastStats> find(UUID tenantId, UUID broadcastId) {
    List<VariantRow> variants =
        jdbc.sql(RECIPIENTS)
            .param("broadcast", broadcastId)
            .param("tenant", tenantId)
            .query((row, number) -> VariantRow.of(row))
            .list();
    if (variants.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, ChannelStats> channels = channels(broadcastId, variants);
    return Optional.of(
        new BroadcastStats(
            broadcastId,
            channels.values().stream()
                .map(ChannelStats::counts)
                .reduce(RecipientCounts.ZERO, RecipientCounts::plus),
            channels.values().stream()
                .map(ChannelStats::attempts)
                .reduce(AttemptCounts.ZERO, AttemptCounts::plus),
            channels,
            minutes(broadcastId),
            Engagement.of(engagement.rows(tenantId, broadcastId), sent(variants)),
            variants.stream().map(VariantRow::firstAt).min(Instant::compareTo).orElseThrow(),
            variants.stream().map(VariantRow::lastAt).max(Instant::compareTo).orElseThrow()));
  }

  private static SortedMap<String, SortedMap<String, Long>> sent(List<VariantRow> rows) {
    SortedMap<String, SortedMap<String, Long>> sent = new TreeMap<>();
    for (VariantRow row : rows) {
      sent.computeIfAbsent(row.channel, channel -> new TreeMap<>())
          .put(row.variant, row.counts.sent());
    }
    return sent;
  }

  private SortedMap<String, ChannelStats> channels(UUID broadcastId, List<VariantRow> rows) {
    SortedMap<String, AttemptCounts> attempts = new TreeMap<>();
    jdbc.sql(ATTEMPTS)
        .param("broadcast", broadcastId)
        .query(row -> {
          attempts.put(row.getString("channel"), attempts(row));
        });
    SortedMap<String, ChannelStats> channels = new TreeMap<>();
    for (VariantRow row : rows) {
      ChannelStats before =
          channels.getOrDefault(
              row.channel,
              new ChannelStats(
                  RecipientCounts.ZERO,
                  attempts.getOrDefault(row.channel, AttemptCounts.ZERO),
                  new TreeMap<>(),
                  new TreeMap<>()));
      before.variants().put(row.variant, row.counts);
      channels.put(
          row.channel,
          new ChannelStats(
              before.counts().plus(row.counts),
              before.attempts(),
              before.causes(),
              before.variants()));
    }
    jdbc.sql(CAUSES)
        .param("broadcast", broadcastId)
        .query(row -> {
          ChannelStats channel = channels.get(row.getString("channel"));
          if (channel != null) {
            channel.causes().put(row.getString("code"), row.getLong("attempts"));
          }
        });
    return channels;
  }

  private List<MinuteStats> minutes(UUID broadcastId) {
    return jdbc.sql(MINUTES)
        .param("broadcast", broadcastId)
        .param("limit", MAX_MINUTES)
        .query((row, number) -> new MinuteStats(instant(row, "minute"), attempts(row)))
        .list()
        .reversed();
  }

  private static AttemptCounts attempts(ResultSet row) throws SQLException {
    return new AttemptCounts(
        row.getLong("sent"),
        row.getLong("failed"),
        row.getLong("dead"),
        row.getLong("retrying"),
        row.getLong("rate_limited"),
        row.getLong("in_doubt"),
        row.getLong("returned"),
        row.getLong("skipped"),
        row.getLong("cancelled"),
        row.getLong("fell_back"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private record VariantRow(
      String channel, String variant, RecipientCounts counts, Instant firstAt, Instant lastAt) {

    static VariantRow of(ResultSet row) throws SQLException {
      return new VariantRow(
          row.getString("channel"),
          row.getString("variant"),
          RecipientCounts.of(row),
          instant(row, "first_at"),
          instant(row, "last_at"));
    }
  }
}
