package io.fanfare.retry.undecodable;

import io.fanfare.retry.undecodable.UndecodableEvent.State;
import io.fanfare.support.Ids;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The records out of the dead-letter topics. */
@Repository
class UndecodableRepository {

  private static final String FILE =
      """
      insert into undecodable_event (id, dead_letter_topic, record_partition, record_offset, topic,
        consumer_group, reason, origin, event_type, record_key, payload, headers, at, requeues,
        changed_at)
      values (:id, :deadLetterTopic, :partition, :offset, :topic, :group, :reason, :origin, :type,
        :key, :payload, cast(:headers as jsonb), :at, :requeues, :now)
      on conflict do nothing
      """;

  private static final String LIST =
      """
      select id, topic, consumer_group, reason, origin, event_type, record_key, at, requeues, state,
        changed_at, coalesce(length(payload), 0) as size, substring(payload for 1024) as preview
      from undecodable_event
      where (cast(:state as text) is null or state = :state)
        and (cast(:topic as text) is null or topic = :topic)
        and (cast(:group as text) is null or consumer_group = :group)
        and (cast(:before as uuid) is null or id < :before)
      order by id desc limit :limit
      """;

  private static final String ONE =
      """
      select *, coalesce(length(payload), 0) as size, substring(payload for 1024) as preview
      from undecodable_event where id = :id
      """;

  private static final TypeReference<List<RecordHeaders.Kept>> HEADERS = new TypeReference<>() {};

  private static final int MAX_REASON = 2_000;

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  UndecodableRepository(JdbcClient jdbc, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /** A record as it is published again. */
  record Stored(
      UUID id,
      String deadLetterTopic,
      @Nullable String key,
      byte @Nullable [] payload,
      List<RecordHeaders.Kept> headers,
      int requeues,
      State state) {}

  /** Files records, all or none; one that is read again is filed once. */
  @Transactional
  public void file(List<ConsumerRecord<String, byte[]>> records) {
    records.forEach(this::file);
  }

  private void file(ConsumerRecord<String, byte[]> record) {
    DeadLetterTopics.Source source = DeadLetterTopics.of(record.topic());
    String key = record.key();
    String said = RecordHeaders.text(record.headers(), RecordHeaders.REASON);
    String reason = said == null ? "unknown" : said;
    jdbc.sql(FILE)
        .param("id", Ids.next())
        .param("deadLetterTopic", record.topic())
        .param("partition", record.partition())
        .param("offset", record.offset())
        .param("topic", source.topic().name())
        .param("group", source.group())
        .param("reason", reason.substring(0, Math.min(reason.length(), MAX_REASON)))
        .param("origin", RecordHeaders.text(record.headers(), RecordHeaders.ORIGIN))
        .param("type", RecordHeaders.text(record.headers(), "ce_type"))
        .param("key", key == null ? null : key.getBytes(StandardCharsets.UTF_8))
        .param("payload", record.value())
        .param("headers", json.writeValueAsString(RecordHeaders.original(record.headers())))
        .param("at", Instant.ofEpochMilli(record.timestamp()).atOffset(ZoneOffset.UTC))
        .param("requeues", RecordHeaders.requeues(record.headers()))
        .param("now", now())
        .update();
  }

  /** Those that match, newest first, beginning before an id. */
  List<UndecodableEvent> list(
      @Nullable State state,
      @Nullable String topic,
      @Nullable String group,
      @Nullable UUID before,
      int limit) {
    return jdbc.sql(LIST)
        .param("state", state == null ? null : state.id())
        .param("topic", topic)
        .param("group", group)
        .param("before", before)
        .param("limit", limit)
        .query((row, number) -> read(row, null, null))
        .list();
  }

  /** One with its headers and its payload. */
  Optional<UndecodableEvent> find(UUID id) {
    return jdbc.sql(ONE)
        .param("id", id)
        .query((row, number) -> read(row, texts(headers(row)), row.getBytes("payload")))
        .optional();
  }

  /** Takes one, so that nobody else changes it before the transaction ends. */
  Optional<Stored> lock(UUID id) {
    return jdbc.sql("select * from undecodable_event where id = :id for update")
        .param("id", id)
        .query((row, number) ->
            new Stored(
                row.getObject("id", UUID.class),
                row.getString("dead_letter_topic"),
                text(row.getBytes("record_key")),
                row.getBytes("payload"),
                headers(row),
                row.getInt("requeues"),
                state(row)))
        .optional();
  }

  void mark(UUID id, State state) {
    jdbc.sql("update undecodable_event set state = :state, changed_at = :now where id = :id")
        .param("state", state.id())
        .param("now", now())
        .param("id", id)
        .update();
  }

  long countOpen() {
    return jdbc.sql("select count(*) from undecodable_event where state = 'open'")
        .query((row, number) -> row.getLong(1))
        .single();
  }

  /**
   * Forgets what came before an instant and is not open, in small transactions.
   *
   * @return how many; none when nothing is left
   */
  int forgetClosed(Instant before) {
    return jdbc.sql(
            """
            delete from undecodable_event where ctid = any(array(
              select ctid from undecodable_event where at < :before and state <> 'open' limit 1000))
            """)
        .param("before", before.atOffset(ZoneOffset.UTC))
        .update();
  }

  private UndecodableEvent read(
      ResultSet row, @Nullable Map<String, String> headers, byte @Nullable [] payload)
      throws SQLException {
    String preview = text(row.getBytes("preview"));
    return new UndecodableEvent(
        row.getObject("id", UUID.class),
        row.getString("topic"),
        row.getString("consumer_group"),
        row.getString("reason"),
        row.getString("event_type"),
        text(row.getBytes("record_key")),
        row.getString("origin"),
        instant(row, "at"),
        row.getInt("size"),
        preview == null ? "" : preview,
        row.getInt("requeues"),
        state(row),
        instant(row, "changed_at"),
        headers,
        payload);
  }

  private List<RecordHeaders.Kept> headers(ResultSet row) throws SQLException {
    return json.readValue(row.getString("headers"), HEADERS);
  }

  private static Map<String, String> texts(List<RecordHeaders.Kept> headers) {
    Map<String, String> texts = new LinkedHashMap<>();
    headers.forEach(header -> {
      String value = text(header.value());
      texts.put(header.name(), value == null ? "" : value);
    });
    return texts;
  }

  private static State state(ResultSet row) throws SQLException {
    return State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
