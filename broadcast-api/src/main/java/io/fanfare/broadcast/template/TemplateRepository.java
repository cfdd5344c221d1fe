package io.fanfare.broadcast.template;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Templates and their versions in the database; every read names the tenant. */
@Repository
class TemplateRepository {

  private static final String COLUMNS =
      "id, tenant_id, name, version, channels, created_at, updated_at";

  private final JdbcClient jdbc;
  private final JsonMapper json;

  TemplateRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  void insert(MessageTemplate template) {
    jdbc.sql(
            """
            insert into template (id, tenant_id, name, version, channels, created_at, updated_at)
            values (:id, :tenant, :name, :version, cast(:channels as jsonb), :created, :updated)
            """)
        .param("id", template.id())
        .param("tenant", template.tenantId())
        .param("name", template.name())
        .param("version", template.version())
        .param("channels", json.writeValueAsString(template.channels()))
        .param("created", Timestamp.from(template.createdAt()))
        .param("updated", Timestamp.from(template.updatedAt()))
        .update();
  }

  void update(MessageTemplate template) {
    jdbc.sql(
            """
            update template
            set name = :name, version = :version, channels = cast(:channels as jsonb),
                updated_at = :updated
            where id = :id
            """)
        .param("id", template.id())
        .param("name", template.name())
        .param("version", template.version())
        .param("channels", json.writeValueAsString(template.channels()))
        .param("updated", Timestamp.from(template.updatedAt()))
        .update();
  }

  void insertVersion(MessageTemplate template, String createdBy) {
    jdbc.sql(
            """
            insert into template_version
              (template_id, version, name, channels, created_at, created_by)
            values (:id, :version, :name, cast(:channels as jsonb), :created, :createdBy)
            """)
        .param("id", template.id())
        .param("version", template.version())
        .param("name", template.name())
        .param("channels", json.writeValueAsString(template.channels()))
        .param("created", Timestamp.from(template.updatedAt()))
        .param("createdBy", createdBy)
        .update();
  }

  void delete(UUID id) {
    jdbc.sql("delete from template where id = :id").param("id", id).update();
  }

  Optional<MessageTemplate> byId(UUID tenantId, UUID id) {
    return select(tenantId, id, "");
  }

  /** The template, which nobody else changes or deletes before this transaction ends. */
  Optional<MessageTemplate> lock(UUID tenantId, UUID id) {
    return select(tenantId, id, " for update");
  }

  /** The template, which stays as it is until this transaction ends. */
  Optional<MessageTemplate> share(UUID tenantId, UUID id) {
    return select(tenantId, id, " for share");
  }

  private Optional<MessageTemplate> select(UUID tenantId, UUID id, String lock) {
    return jdbc.sql(
            "select " + COLUMNS + " from template where id = :id and tenant_id = :tenant" + lock)
        .param("id", id)
        .param("tenant", tenantId)
        .query(this::template)
        .optional();
  }

  /** Templates, newest first, after the given one. */
  List<MessageTemplate> page(UUID tenantId, @Nullable UUID after, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                 from template
                where tenant_id = :tenant and (cast(:after as uuid) is null or id < :after)
                order by id desc
                limit :limit
                """)
        .param("tenant", tenantId)
        .param("after", after)
        .param("limit", limit)
        .query(this::template)
        .list();
  }

  /** Versions of a template, newest first, below the given one. */
  List<TemplateVersion> versions(UUID templateId, long below, int limit) {
    return jdbc.sql(
            """
            select template_id, version, name, channels, created_at, created_by
            from template_version
            where template_id = :id and version < :below
            order by version desc
            limit :limit
            """)
        .param("id", templateId)
        .param("below", below)
        .param("limit", limit)
        .query(this::version)
        .list();
  }

  Optional<TemplateVersion> version(UUID templateId, long version) {
    return versions(templateId, version + 1, 1).stream()
        .filter(found -> found.version() == version)
        .findFirst();
  }

  /** Whether a broadcast that has not ended uses the template, or a recurring one. */
  boolean isUsed(UUID templateId) {
    return jdbc.sql(
            """
            select exists (
              select 1 from broadcast
              where template_id = :id
                and state in ('draft', 'scheduled', 'running', 'paused'))
            or exists (
              select 1 from broadcast
              where test_templates @> array[cast(:id as uuid)]
                and state in ('draft', 'scheduled', 'running', 'paused'))
            or exists (
              select 1 from recurring_broadcast
              where tenant_id = (select tenant_id from template where id = :id)
                and state <> 'ended'
                and jsonb_path_exists(broadcast, '$.**.template_id ? (@ == $id)',
                      jsonb_build_object('id', cast(:id as text))))
            """)
        .param("id", templateId)
        .query(Boolean.class)
        .single();
  }

  private MessageTemplate template(ResultSet row, int number) throws SQLException {
    return new MessageTemplate(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getString("name"),
        row.getLong("version"),
        channels(row),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant());
  }

  private TemplateVersion version(ResultSet row, int number) throws SQLException {
    return new TemplateVersion(
        row.getObject("template_id", UUID.class),
        row.getLong("version"),
        row.getString("name"),
        channels(row),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"));
  }

  private TemplateChannels channels(ResultSet row) throws SQLException {
    return json.readValue(row.getString("channels"), TemplateChannels.class);
  }
}
