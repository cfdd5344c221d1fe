package io.fanfare.audience.freeze;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What a dry run reads besides what a freeze reads. */
@Repository
class DryRunRepository {

  private static final int MOST_VARIABLES = 100;
  private static final List<String> TEXTS =
      List.of("external_id", "name", "email", "phone", "language", "time_zone", "country", "city");
  private static final List<String> ARRAYS = List.of("roles", "tags");

  private final JdbcTemplate jdbc;

  DryRunRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Bounds every further statement of the transaction. */
  void limitStatements(int seconds) {
    jdbc.execute("set local statement_timeout = '" + seconds + "s'");
  }

  /** Where contacts are; those without a time zone are missing. */
  Map<Long, String> zones(UUID tenantId, long[] contactIds) {
    Map<Long, String> zones = new HashMap<>();
    jdbc.query(
        """
        select id, time_zone from contact
        where id = any(?) and tenant_id = ? and time_zone is not null
        """,
        row -> {
          zones.put(row.getLong(1), row.getString(2));
        },
        contactIds,
        tenantId);
    return zones;
  }

  /** How many of some contacts lack each of some variables; a field that is empty is lacking. */
  Map<String, Long> lacking(UUID tenantId, List<String> variables, long[] contactIds) {
    List<String> known = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    for (String variable : variables) {
      String condition = condition(variable, arguments);
      if (condition != null && known.size() < MOST_VARIABLES) {
        known.add(variable);
        counts.add("count(*) filter (where " + condition + ")");
      }
    }
    Map<String, Long> lacking = new LinkedHashMap<>();
    if (known.isEmpty()) {
      return lacking;
    }
    arguments.add(contactIds);
    arguments.add(tenantId);
    jdbc.query(
        "select " + String.join(", ", counts) + " from contact where id = any(?) and tenant_id = ?",
        row -> {
          for (int i = 0; i < known.size(); i++) {
            lacking.put(known.get(i), row.getLong(i + 1));
          }
        },
        arguments.toArray());
    return lacking;
  }

  private static @Nullable String condition(String variable, List<Object> arguments) {
    if (variable.startsWith("contact.custom.")) {
      arguments.add(variable.substring("contact.custom.".length()).split("\\."));
      return "coalesce(custom #>> ?, '') = ''";
    }
    String field = variable.startsWith("contact.") ? variable.substring("contact.".length()) : "";
    if (TEXTS.contains(field)) {
      return "coalesce(" + field + ", '') = ''";
    }
    if (ARRAYS.contains(field)) {
      return "cardinality(" + field + ") = 0";
    }
    return field.equals("telegram_chat_id") ? "telegram_chat_id is null" : null;
  }

  /** Messages a second an account takes: its limit, else what it did lately; null when neither. */
  @Nullable Double ratePerSecond(ChannelPlan plan) {
    return jdbc
        .query(
            """
            select case when a.rate_per_second > 0 then a.rate_per_second
                        else nullif((select sum(results_per_second) from lane l
                                     where l.account_id = a.account_id), 0) end
            from channel_account a where a.account_id = ?
            """,
            (row, index) -> row.getObject(1, Double.class),
            plan.accountId())
        .stream()
        .filter(rate -> rate != null)
        .findFirst()
        .orElse(null);
  }

  /** What each other running broadcast still has to send on an account. */
  List<Long> others(ChannelPlan plan, UUID broadcastId) {
    return jdbc.query(
        """
        select sum(rl.pending + greatest(0, rl.issued - coalesce(told.results, 0)))::bigint
        from run_lane rl
        join broadcast_run r on r.broadcast_id = rl.broadcast_id and r.open and r.state = 'running'
        left join lateral (
          select sum(p.results) as results from ledger_progress p
          where p.broadcast_id = rl.broadcast_id and p.channel = rl.channel
            and p.account_id = rl.account_id and p.shard = rl.shard
        ) told on true
        where rl.account_id = ? and rl.broadcast_id <> ?
        group by rl.broadcast_id
        """,
        (row, index) -> row.getLong(1),
        plan.accountId(),
        broadcastId);
  }

  /** 0: none. */
  int tenantRatePerMinute(BroadcastControl control) {
    return jdbc
        .queryForList(
            "select rate_per_minute from tenant_pace where tenant_id = ?",
            Integer.class,
            control.tenantId())
        .stream()
        .findFirst()
        .orElse(0);
  }
}
