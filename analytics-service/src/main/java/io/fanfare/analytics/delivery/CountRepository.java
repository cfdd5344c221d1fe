package io.fanfare.analytics.delivery;

import io.fanfare.analytics.delivery.DeliveryTally.Minute;
import io.fanfare.analytics.delivery.DeliveryTally.Moves;
import io.fanfare.analytics.delivery.DeliveryTally.Part;
import io.fanfare.analytics.delivery.DeliveryTally.Segment;
import io.fanfare.analytics.delivery.DeliveryTally.Subject;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import java.util.Collection;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Adds a tally to the figures, one statement per table. */
class CountRepository {

  private static final String ADD_MOVES =
      """
      insert into recipient_count as c (broadcast_id, channel, variant, tenant_id, sent, failed,
        dead, in_doubt, retrying, skipped, cancelled, fell_back, first_at, last_at)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:tenants as uuid[]), cast(:sent as bigint[]), cast(:failed as bigint[]),
        cast(:dead as bigint[]), cast(:inDoubt as bigint[]), cast(:retrying as bigint[]),
        cast(:skipped as bigint[]), cast(:cancelled as bigint[]),
        cast(:fellBack as bigint[]),
        cast(:firstAt as timestamptz[]), cast(:lastAt as timestamptz[]))
      on conflict (broadcast_id, channel, variant) do update set
        sent = c.sent + excluded.sent,
        failed = c.failed + excluded.failed,
        dead = c.dead + excluded.dead,
        in_doubt = c.in_doubt + excluded.in_doubt,
        retrying = c.retrying + excluded.retrying,
        skipped = c.skipped + excluded.skipped,
        cancelled = c.cancelled + excluded.cancelled,
        fell_back = c.fell_back + excluded.fell_back,
        first_at = least(c.first_at, excluded.first_at),
        last_at = greatest(c.last_at, excluded.last_at)
      """;

  private static final String ADD_SEGMENTS =
      """
      insert into recipient_segment as c (broadcast_id, segment, channel, variant, tenant_id, sent,
        failed, dead, in_doubt, retrying, skipped, cancelled, fell_back)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:segments as int[]), cast(:channels as text[]),
        cast(:variants as text[]), cast(:tenants as uuid[]), cast(:sent as bigint[]),
        cast(:failed as bigint[]), cast(:dead as bigint[]), cast(:inDoubt as bigint[]),
        cast(:retrying as bigint[]), cast(:skipped as bigint[]), cast(:cancelled as bigint[]),
        cast(:fellBack as bigint[]))
      on conflict (broadcast_id, segment, channel, variant) do update set
        sent = c.sent + excluded.sent,
        failed = c.failed + excluded.failed,
        dead = c.dead + excluded.dead,
        in_doubt = c.in_doubt + excluded.in_doubt,
        retrying = c.retrying + excluded.retrying,
        skipped = c.skipped + excluded.skipped,
        cancelled = c.cancelled + excluded.cancelled,
        fell_back = c.fell_back + excluded.fell_back
      """;

  private static final String ADD_OUTCOMES =
      """
      insert into attempt_count as c (broadcast_id, channel, variant, outcome, attempts)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:names as text[]), cast(:attempts as bigint[]))
      on conflict (broadcast_id, channel, variant, outcome)
      do update set attempts = c.attempts + excluded.attempts
      """;

  private static final String ADD_CAUSES =
      """
      insert into cause_count as c (broadcast_id, channel, variant, code, attempts)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:names as text[]), cast(:attempts as bigint[]))
      on conflict (broadcast_id, channel, variant, code)
      do update set attempts = c.attempts + excluded.attempts
      """;

  private static final String ADD_MINUTES =
      """
      insert into minute_count as c (broadcast_id, minute, channel, outcome, attempts)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:minutes as timestamptz[]), cast(:channels as text[]),
        cast(:outcomes as text[]), cast(:attempts as bigint[]))
      on conflict (broadcast_id, minute, channel, outcome)
      do update set attempts = c.attempts + excluded.attempts
      """;

  private final JdbcClient jdbc;

  CountRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void add(DeliveryTally tally) {
    addMoves(tally.moves());
    addSegments(tally.segments());
    addParts(ADD_OUTCOMES, tally.outcomes());
    if (!tally.causes().isEmpty()) {
      addParts(ADD_CAUSES, tally.causes());
    }
    addMinutes(tally.minutes());
  }

  private void addMoves(SortedMap<Subject, Moves> moves) {
    Collection<Moves> values = moves.values();
    counts(ADD_MOVES, moves.keySet(), values.stream().map(Moves::counts).toList())
        .param("firstAt", texts(values, Moves::firstAt))
        .param("lastAt", texts(values, Moves::lastAt))
        .update();
  }

  private void addSegments(SortedMap<Segment, Counts> segments) {
    Collection<Segment> keys = segments.keySet();
    counts(ADD_SEGMENTS, keys.stream().map(Segment::subject).toList(), segments.values())
        .param("segments", texts(keys, Segment::number))
        .update();
  }

  private StatementSpec counts(
      String statement, Collection<Subject> subjects, Collection<Counts> counts) {
    return jdbc.sql(statement)
        .param("broadcasts", texts(subjects, Subject::broadcastId))
        .param("channels", texts(subjects, Subject::channel))
        .param("variants", texts(subjects, Subject::variant))
        .param("tenants", texts(subjects, Subject::tenantId))
        .param("sent", numbers(counts, Counts::sent))
        .param("failed", numbers(counts, Counts::failed))
        .param("dead", numbers(counts, Counts::dead))
        .param("inDoubt", numbers(counts, Counts::inDoubt))
        .param("retrying", numbers(counts, Counts::retrying))
        .param("skipped", numbers(counts, Counts::skipped))
        .param("cancelled", numbers(counts, Counts::cancelled))
        .param("fellBack", numbers(counts, Counts::fallenBack));
  }

  private void addParts(String statement, SortedMap<Part, Long> parts) {
    Collection<Part> keys = parts.keySet();
    jdbc.sql(statement)
        .param("broadcasts", texts(keys, part -> part.subject().broadcastId()))
        .param("channels", texts(keys, part -> part.subject().channel()))
        .param("variants", texts(keys, part -> part.subject().variant()))
        .param("names", texts(keys, Part::name))
        .param("attempts", numbers(parts.entrySet(), Entry::getValue))
        .update();
  }

  private void addMinutes(SortedMap<Minute, Long> minutes) {
    Collection<Minute> keys = minutes.keySet();
    jdbc.sql(ADD_MINUTES)
        .param("broadcasts", texts(keys, Minute::broadcastId))
        .param("minutes", texts(keys, Minute::minute))
        .param("channels", texts(keys, Minute::channel))
        .param("outcomes", texts(keys, key -> key.outcome().id()))
        .param("attempts", numbers(minutes.entrySet(), Entry::getValue))
        .update();
  }

  private static <T> String[] texts(Collection<T> rows, Function<T, Object> column) {
    return rows.stream().map(row -> column.apply(row).toString()).toArray(String[]::new);
  }

  private static <T> Long[] numbers(Collection<T> rows, ToLongFunction<T> column) {
    return rows.stream().map(column::applyAsLong).toArray(Long[]::new);
  }
}
