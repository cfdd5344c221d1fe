package io.fanfare.broadcast.message;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.StateReason;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Broadcasts that carry single messages. */
@Repository
class MessageRunRepository {

  private static final String COLUMNS =
      "r.control, r.template_version, r.resumed_epoch, r.reason_code, r.reason_detail, r.asked_at";

  private static final String OF_THE_STREAM =
      """
      r.tenant_id = :tenant and r.template_id = :template and r.template_version = :version
        and r.account_id = :account and r.policy = :policy and r.day = :day
        and r.category = :category
      """;

  private final JdbcClient jdbc;

  MessageRunRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Until the running transaction ends nobody else adds a message of the stream to the contact. */
  void lockContact(Stream stream, long contactId) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:key, 30))")
        .param("key", stream + ":" + contactId)
        .query((row, number) -> 0)
        .single();
  }

  /**
   * The first of the stream's broadcasts of a day that takes messages and has none for the contact;
   * it does not end before the running transaction.
   */
  Optional<MessageRun> holdOpen(Stream stream, LocalDate day, long contactId) {
    return ofTheStream(
            "select "
                + COLUMNS
                + " from message_run r where "
                + OF_THE_STREAM
                + """
                 and r.state in ('running', 'paused') and r.asked_at is null
                 and not exists (
                   select from message m where m.run_id = r.id and m.contact_id = :contact)
                order by r.lap limit 1 for share of r
                """,
            stream,
            day)
        .param("contact", contactId)
        .query(MessageRunRepository::run)
        .optional();
  }

  int lastLap(Stream stream, LocalDate day) {
    return ofTheStream(
            "select coalesce(max(r.lap), 0) from message_run r where " + OF_THE_STREAM, stream, day)
        .query(Integer.class)
        .single();
  }

  private JdbcClient.StatementSpec ofTheStream(String sql, Stream stream, LocalDate day) {
    return jdbc.sql(sql)
        .param("tenant", stream.tenantId())
        .param("template", stream.templateId())
        .param("version", stream.templateVersion())
        .param("account", stream.accountId())
        .param("policy", name(stream.policy()))
        .param("category", stream.category() == null ? "" : stream.category())
        .param("day", day);
  }

  /** False when somebody else has just made this lap. */
  boolean insert(MessageRun run, Stream stream, int lap, Instant now) {
    return ofTheStream(
                """
                insert into message_run (id, tenant_id, template_id, template_version, account_id,
                  policy, day, lap, category, state, epoch, resumed_epoch, control, changed_at)
                values (:id, :tenant, :template, :version, :account, :policy, :day, :lap, :category, :state,
                  :epoch, :resumed, :control::jsonb, :now)
                on conflict
                  (tenant_id, template_id, template_version, account_id, policy, day, lap, category)
                do nothing
                """,
                stream,
                run.day())
            .param("id", run.id())
            .param("lap", lap)
            .param("state", run.state().id())
            .param("epoch", run.control().epoch())
            .param("resumed", run.resumedEpoch())
            .param("control", text(run.control()))
            .param("now", now.atOffset(ZoneOffset.UTC))
            .update()
        == 1;
  }

  void update(MessageRun run, Instant now) {
    StateReason reason = run.reason();
    Instant asked = run.askedAt();
    jdbc.sql(
            """
            update message_run set state = :state, epoch = :epoch, resumed_epoch = :resumed,
              control = :control::jsonb, reason_code = :code, reason_detail = :detail,
              asked_at = :asked, changed_at = :now
            where id = :id
            """)
        .param("state", run.state().id())
        .param("epoch", run.control().epoch())
        .param("resumed", run.resumedEpoch())
        .param("control", text(run.control()))
        .param("code", reason == null ? null : reason.code())
        .param("detail", reason == null ? null : reason.detail())
        .param("asked", asked == null ? null : asked.atOffset(ZoneOffset.UTC))
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("id", run.id())
        .update();
  }

  Optional<MessageRun> lock(UUID tenantId, UUID id) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + " from message_run r where r.id = :id and r.tenant_id = :tenant for update")
        .param("id", id)
        .param("tenant", tenantId)
        .query(MessageRunRepository::run)
        .optional();
  }

  /** Paused before this instant. */
  List<MessageRun> lockPaused(Instant before, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from message_run r where r.state = 'paused' and r.changed_at < :before
                order by r.changed_at limit :limit for update skip locked
                """)
        .param("before", before.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query(MessageRunRepository::run)
        .list();
  }

  /** Running, of a day before this one, and not asked for completion since the instant. */
  List<MessageRun> lockOver(LocalDate before, Instant notAskedSince, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from message_run r
                where r.state = 'running' and r.day < :day
                  and (r.asked_at is null or r.asked_at < :since)
                order by r.day, r.id limit :limit for update skip locked
                """)
        .param("day", before)
        .param("since", notAskedSince.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query(MessageRunRepository::run)
        .list();
  }

  /** Not ended, of a day before this one. */
  List<MessageRun> lockUnfinished(LocalDate before, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from message_run r where r.state in ('running', 'paused') and r.day < :day
                order by r.day, r.id limit :limit for update skip locked
                """)
        .param("day", before)
        .param("limit", limit)
        .query(MessageRunRepository::run)
        .list();
  }

  /** Ended, of a day before this one. */
  List<MessageRun> lockOld(LocalDate before, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from message_run r
                where r.day < :day and r.state not in ('running', 'paused')
                order by r.day, r.id limit :limit for update skip locked
                """)
        .param("day", before)
        .param("limit", limit)
        .query(MessageRunRepository::run)
        .list();
  }

  void delete(UUID id) {
    jdbc.sql("delete from message_run where id = :id").param("id", id).update();
  }

  private static String text(BroadcastControl control) {
    return new String(EventCodec.encode(control), StandardCharsets.UTF_8);
  }

  static String name(DeliveryPolicy policy) {
    return policy == DeliveryPolicy.NEVER_TWICE ? "never-twice" : "at-least-once";
  }

  static MessageRun run(ResultSet row, int number) throws SQLException {
    String code = row.getString("reason_code");
    OffsetDateTime asked = row.getObject("asked_at", OffsetDateTime.class);
    return new MessageRun(
        EventCodec.decode(
            BroadcastControl.class, row.getString("control").getBytes(StandardCharsets.UTF_8)),
        row.getLong("template_version"),
        row.getLong("resumed_epoch"),
        code == null ? null : new StateReason(code, row.getString("reason_detail")),
        instant(asked));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
