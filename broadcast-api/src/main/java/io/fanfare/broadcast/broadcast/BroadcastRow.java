package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.StateReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads a broadcast from a row. */
final class BroadcastRow implements RowMapper<Broadcast> {

  /** A channel of a broadcast, as the row holds it. */
  record ChannelRow(
      Channel channel,
      UUID accountId,
      @Nullable Integer shards,
      @Nullable List<String> variables) {}

  private static final TypeReference<List<ChannelRow>> CHANNELS = new TypeReference<>() {};
  private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

  private final JsonMapper json;

  BroadcastRow(JsonMapper json) {
    this.json = json;
  }

  static String policyId(DeliveryPolicy policy) {
    return switch (policy) {
      case NEVER_TWICE -> "never-twice";
      case AT_LEAST_ONCE -> "at-least-once";
    };
  }

  static String modeId(ChannelMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private AudienceChoice audience(ResultSet row) throws SQLException {
    String text = row.getString("audience");
    return text == null
        ? AudienceChoice.ofList(row.getObject("list_id", UUID.class))
        : json.readValue(text, AudienceChoice.class);
  }

  private @Nullable AbTestPlan abTest(@Nullable String text) {
    return text == null ? null : json.readValue(text, AbTestPlan.class);
  }

  private @Nullable SendTimeChoice sendTime(@Nullable String text) {
    return text == null ? null : json.readValue(text, SendTimeChoice.class);
  }

  private static Broadcast.@Nullable Fire fire(ResultSet row) throws SQLException {
    UUID recurringId = row.getObject("recurring_id", UUID.class);
    return recurringId == null
        ? null
        : new Broadcast.Fire(recurringId, row.getTimestamp("fire_at").toInstant());
  }

  @Override
  public Broadcast mapRow(ResultSet row, int number) throws SQLException {
    List<ChannelRow> channels = json.readValue(row.getString("channels"), CHANNELS);
    String policy = row.getString("policy");
    BroadcastSettings settings =
        new BroadcastSettings(
            row.getString("name"),
            row.getObject("template_id", UUID.class),
            audience(row),
            channels.stream().map(c -> new ChannelChoice(c.channel(), c.accountId())).toList(),
            Arrays.stream(DeliveryPolicy.values())
                .filter(value -> policyId(value).equals(policy))
                .findFirst()
                .orElseThrow(),
            json.readValue(row.getString("variables"), VARIABLES),
            row.getInt("rate_per_minute"),
            ChannelMode.valueOf(row.getString("channel_mode").toUpperCase(Locale.ROOT)),
            abTest(row.getString("ab_test")),
            row.getString("category"),
            sendTime(row.getString("send_time")));
    String code = row.getString("reason_code");
    return new Broadcast(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        settings,
        BroadcastState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        code == null ? null : new StateReason(code, row.getString("reason_detail")),
        row.getLong("version"),
        run(row, channels),
        row.getObject("planned", Long.class),
        instant(row, "scheduled_at"),
        instant(row, "completed_at"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"),
        fire(row));
  }

  private static @Nullable BroadcastRun run(ResultSet row, List<ChannelRow> channels)
      throws SQLException {
    Instant startedAt = instant(row, "started_at");
    if (startedAt == null) {
      return null;
    }
    Long[] delays = (Long[]) row.getArray("retry_delays_ms").getArray();
    return new BroadcastRun(
        row.getLong("template_version"),
        channels.stream().map(BroadcastRow::plan).toList(),
        row.getObject("ledger_day", LocalDate.class),
        Arrays.stream(delays).map(Duration::ofMillis).toList(),
        row.getLong("epoch"),
        row.getLong("resumed_epoch"),
        startedAt,
        row.getString("winner"));
  }

  private static ChannelPlan plan(ChannelRow channel) {
    return new ChannelPlan(
        channel.channel(),
        channel.accountId(),
        channel.shards() == null ? 1 : channel.shards(),
        channel.variables() == null ? List.of() : channel.variables());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
