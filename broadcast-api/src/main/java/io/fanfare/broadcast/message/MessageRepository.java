package io.fanfare.broadcast.message;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Accepted messages. */
@Repository
class MessageRepository {

  private static final String SELECT =
      """
      select m.id, m.contact_id, m.external_id, m.template_id, m.account_id, m.created_at,
             m.created_by, r.control, r.template_version, r.resumed_epoch, r.reason_code,
             r.reason_detail, r.asked_at
      from message m join message_run r on r.id = m.run_id
      where m.tenant_id = :tenant
      """;

  private final JdbcClient jdbc;

  MessageRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** False when a message was accepted for the same event before. */
  boolean insert(UUID tenantId, Message message, @Nullable EventKey event) {
    return jdbc.sql(
                """
                insert into message (id, tenant_id, run_id, contact_id, external_id, template_id,
                  account_id, source, event_id, created_at, created_by)
                values (:id, :tenant, :run, :contact, :external, :template, :account, :source,
                  :event, :at, :by)
                on conflict (tenant_id, source, event_id) where event_id is not null do nothing
                """)
            .param("id", message.id())
            .param("tenant", tenantId)
            .param("run", message.run().id())
            .param("contact", message.contactId())
            .param("external", message.externalId())
            .param("template", message.templateId())
            .param("account", message.accountId())
            .param("source", event == null ? null : event.source())
            .param("event", event == null ? null : event.id())
            .param("at", message.createdAt().atOffset(ZoneOffset.UTC))
            .param("by", message.createdBy())
            .update()
        == 1;
  }

  /**
   * Forgets the external id messages were asked for by; whom they went to is a number from then on.
   */
  void forgetName(UUID tenantId, long contactId) {
    jdbc.sql(
            """
            update message set external_id = null
            where tenant_id = :tenant and contact_id = :contact and external_id is not null
            """)
        .param("tenant", tenantId)
        .param("contact", contactId)
        .update();
  }

  boolean exists(UUID tenantId, EventKey event) {
    return jdbc.sql(
            """
            select exists (
              select from message
              where tenant_id = :tenant and source = :source and event_id = :event)
            """)
        .param("tenant", tenantId)
        .param("source", event.source())
        .param("event", event.id())
        .query(Boolean.class)
        .single();
  }

  Optional<Message> find(UUID tenantId, UUID id) {
    return jdbc.sql(SELECT + " and m.id = :id")
        .param("tenant", tenantId)
        .param("id", id)
        .query(MessageRepository::message)
        .optional();
  }

  /** Newest first. */
  List<Message> page(UUID tenantId, MessageFilter filter, @Nullable UUID after, int limit) {
    return jdbc.sql(
            SELECT
                + """
                 and (:contact::bigint is null or m.contact_id = :contact)
                 and (:template::uuid is null or m.template_id = :template)
                 and (:account::uuid is null or m.account_id = :account)
                 and (:after::uuid is null or m.id < :after)
                order by m.id desc limit :limit
                """)
        .param("tenant", tenantId)
        .param("contact", filter.contactId())
        .param("template", filter.templateId())
        .param("account", filter.accountId())
        .param("after", after)
        .param("limit", limit)
        .query(MessageRepository::message)
        .list();
  }

  long count(UUID runId) {
    return jdbc.sql("select count(*) from message where run_id = :run")
        .param("run", runId)
        .query(Long.class)
        .single();
  }

  /** Deletes up to so many messages of a run; answers how many. */
  int delete(UUID runId, int limit) {
    return jdbc.sql(
            """
            delete from message where id in (
              select id from message where run_id = :run limit :limit)
            """)
        .param("run", runId)
        .param("limit", limit)
        .update();
  }

  boolean tenantExists(UUID tenantId) {
    return jdbc.sql("select exists (select from tenant where id = :id)")
        .param("id", tenantId)
        .query(Boolean.class)
        .single();
  }

  private static Message message(ResultSet row, int number) throws SQLException {
    return new Message(
        row.getObject("id", UUID.class),
        MessageRunRepository.run(row, number),
        row.getLong("contact_id"),
        row.getString("external_id"),
        row.getObject("template_id", UUID.class),
        row.getObject("account_id", UUID.class),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("created_by"));
  }
}
