package io.fanfare.audience.contact;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Contacts in PostgreSQL; every statement is bound to one tenant. */
@Repository
public class ContactRepository {

  private static final String COLUMNS =
      """
      c.id, c.external_id, c.name, c.email, c.phone, c.telegram_chat_id, c.language, c.time_zone,
      c.country, c.city, c.roles, c.tags, c.custom, c.version, c.created_at, c.updated_at
      """;

  private static final String GIVEN =
      """
      (external_id text, name text, email text, phone text, telegram_chat_id bigint, language text,
       time_zone text, country text, city text, roles text[], tags text[], custom jsonb)
      """;

  private static final String FIELDS =
      """
      external_id, name, email, phone, telegram_chat_id, language, time_zone, country, city, roles,
      tags, custom
      """;

  private final JdbcTemplate jdbc;

  ContactRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Empty when the tenant has another contact of this external id. */
  Optional<Contact> insert(UUID tenantId, ContactFields fields) {
    String sql =
        """
        insert into contact as c (tenant_id, %s)
        select ?, %s from jsonb_to_record(?::jsonb) as g %s
        on conflict (tenant_id, external_id) do nothing
        returning %s
        """
            .formatted(FIELDS, FIELDS, GIVEN, COLUMNS);
    return jdbc.query(sql, ContactRepository::contact, tenantId, ContactJson.write(fields)).stream()
        .findFirst();
  }

  Optional<Contact> find(UUID tenantId, long id) {
    String sql = "select " + COLUMNS + " from contact c where c.tenant_id = ? and c.id = ?";
    return jdbc.query(sql, ContactRepository::contact, tenantId, id).stream().findFirst();
  }

  /** Those of some contacts that are the tenant's, in the order of their ids. */
  public List<Contact> find(UUID tenantId, long[] ids) {
    String sql =
        "select " + COLUMNS + " from contact c where c.tenant_id = ? and c.id = any(?) order by id";
    return jdbc.query(sql, ContactRepository::contact, tenantId, ids);
  }

  /** Those of them that are asked for, in the order of their ids. */
  public List<Contact> find(UUID tenantId, long[] ids, ContactQuery query) {
    List<Object> parameters = new ArrayList<>(List.of(tenantId, ids));
    String conditions = query.conditions(parameters);
    String sql =
        "select "
            + COLUMNS
            + " from contact c where c.tenant_id = ? and c.id = any(?)"
            + conditions
            + " order by c.id";
    return jdbc.query(sql, ContactRepository::contact, parameters.toArray());
  }

  Optional<Contact> findByExternalId(UUID tenantId, String externalId) {
    if (externalId.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    String sql =
        "select " + COLUMNS + " from contact c where c.tenant_id = ? and c.external_id = ?";
    return jdbc.query(sql, ContactRepository::contact, tenantId, externalId).stream().findFirst();
  }

  /** The contact by its id, locked against every other change until the transaction ends. */
  Optional<Contact> findForUpdate(UUID tenantId, long id) {
    String sql =
        "select " + COLUMNS + " from contact c where c.tenant_id = ? and c.id = ? for update";
    return jdbc.query(sql, ContactRepository::contact, tenantId, id).stream().findFirst();
  }

  Contact update(UUID tenantId, long id, ContactFields fields) {
    String sql =
        """
        update contact c
        set (%s) = (select %s from jsonb_to_record(?::jsonb) as g %s),
            version = c.version + 1, updated_at = now()
        where c.tenant_id = ? and c.id = ?
        returning %s
        """
            .formatted(FIELDS, FIELDS, GIVEN, COLUMNS);
    return jdbc.query(sql, ContactRepository::contact, ContactJson.write(fields), tenantId, id)
        .getFirst();
  }

  /** Writes contacts by their external ids, which must differ; one statement for all of them. */
  List<Upserted> upsert(UUID tenantId, List<ContactFields> contacts) {
    return jdbc.query(
        UPSERT,
        (row, index) ->
            new Upserted(
                row.getString("external_id"),
                row.getLong("id"),
                Upserted.Kind.valueOf(row.getString("kind"))),
        ContactJson.write(contacts),
        tenantId,
        tenantId);
  }

  // Rows are written in the order of their key, so that two batches cannot deadlock. Unchanged rows
  // come from the second join; one that a concurrent batch has just made has no id there yet.
  private static final String UPSERT =
      """
      with given as (
        select * from jsonb_to_recordset(?::jsonb) as g %s
      ), written as (
        insert into contact as c (tenant_id, %s)
        select ?, %s from given order by external_id
        on conflict (tenant_id, external_id) do update
        set name = excluded.name, email = excluded.email, phone = excluded.phone,
            telegram_chat_id = excluded.telegram_chat_id, language = excluded.language,
            time_zone = excluded.time_zone, country = excluded.country, city = excluded.city,
            roles = excluded.roles, tags = excluded.tags, custom = excluded.custom,
            version = c.version + 1, updated_at = now()
        where (c.name, c.email, c.phone, c.telegram_chat_id, c.language, c.time_zone, c.country,
               c.city, c.roles, c.tags, c.custom)
          is distinct from
              (excluded.name, excluded.email, excluded.phone, excluded.telegram_chat_id,
               excluded.language, excluded.time_zone, excluded.country, excluded.city,
               excluded.roles, excluded.tags, excluded.custom)
        returning new.id, new.external_id, old.id is null as created
      )
      select g.external_id, coalesce(w.id, c.id) as id,
             case when w.id is null then 'UNCHANGED' when w.created then 'CREATED' else 'UPDATED' end
               as kind
      from given g
      left join written w on w.external_id = g.external_id
      left join contact c on c.tenant_id = ? and c.external_id = g.external_id
      """
          .formatted(GIVEN, FIELDS, FIELDS);

  /** Contacts by their external ids, locked until the transaction ends. */
  List<Contact> lockByExternalIds(UUID tenantId, Collection<String> externalIds) {
    if (externalIds.isEmpty()) {
      return List.of();
    }
    String sql =
        "select "
            + COLUMNS
            + """
            from contact c where c.tenant_id = ? and c.external_id = any(?)
            order by c.id for update
            """;
    return jdbc.query(
        sql, ContactRepository::contact, tenantId, externalIds.toArray(String[]::new));
  }

  /** Keeps others from giving addresses to new contacts by {@link #lockByEmails}, likewise. */
  void lockAddresses(UUID tenantId) {
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('contact addresses ' || ?::text, 0))",
        row -> {},
        tenantId);
  }

  /** Contacts by their addresses in lower case, locked; of one address up to two of them. */
  List<Contact> lockByEmails(UUID tenantId, Collection<String> emails) {
    if (emails.isEmpty()) {
      return List.of();
    }
    String sql =
        "select "
            + COLUMNS
            + """
            from contact c where c.id in (
              select found.id from unnest(?::text[]) as given (email)
              cross join lateral (
                select id from contact where tenant_id = ? and lower(email) = given.email
                order by id limit 2) as found)
            order by c.id for update
            """;
    return jdbc.query(sql, ContactRepository::contact, emails.toArray(String[]::new), tenantId);
  }

  /** Ids for contacts to be made. */
  long[] nextIds(int count) {
    return jdbc
        .query(
            "select nextval(pg_get_serial_sequence('contact', 'id')) from generate_series(1, ?)",
            (row, index) -> row.getLong(1),
            count)
        .stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  /**
   * Makes contacts with one statement.
   *
   * @throws OptimisticLockingFailureException when another has got one of their external ids since
   *     they were looked up
   */
  void insertAll(UUID tenantId, long[] ids, List<ContactFields> contacts) {
    // Written in the order of their key, so that two batches cannot deadlock.
    String sql =
        """
        insert into contact (id, tenant_id, %s) overriding system value
        select id, ?, external_id, name, email, phone, telegram_chat_id, language, time_zone,
               country, city, roles::text[], tags::text[], custom::jsonb
        from %s order by external_id
        on conflict (tenant_id, external_id) do nothing
        """
            .formatted(FIELDS, ContactArrays.UNNEST);
    ContactArrays arrays = ContactArrays.of(ids, contacts);
    int made = jdbc.update(sql, arrays.parameters(tenantId, null));
    if (made != ids.length) {
      throw new OptimisticLockingFailureException("another request made one of these contacts");
    }
  }

  /** Changes contacts, whose rows are locked, with one statement. */
  void updateAll(UUID tenantId, long[] ids, List<ContactFields> contacts) {
    String sql =
        """
        update contact as c
        set external_id = g.external_id, name = g.name, email = g.email, phone = g.phone,
            telegram_chat_id = g.telegram_chat_id, language = g.language,
            time_zone = g.time_zone, country = g.country, city = g.city,
            roles = g.roles::text[], tags = g.tags::text[], custom = g.custom::jsonb,
            version = c.version + 1, updated_at = now()
        from %s
        where c.id = g.id and c.tenant_id = ?
        """
            .formatted(ContactArrays.UNNEST);
    try {
      jdbc.update(sql, ContactArrays.of(ids, contacts).parameters(null, tenantId));
    } catch (DuplicateKeyException e) {
      throw new OptimisticLockingFailureException("another contact has this external id now", e);
    }
  }

  boolean externalIdTaken(UUID tenantId, String externalId) {
    String sql = "select exists (select from contact where tenant_id = ? and external_id = ?)";
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, tenantId, externalId));
  }

  /** Erases a contact; its memberships must be gone already. */
  void delete(UUID tenantId, long id) {
    jdbc.update("delete from contact where tenant_id = ? and id = ?", tenantId, id);
  }

  /** Contacts in the order of their ids. */
  public List<Contact> page(UUID tenantId, ContactQuery query, long after, int limit) {
    List<Object> parameters = new ArrayList<>(List.of(tenantId, after));
    String conditions = query.conditions(parameters);
    parameters.add(limit);
    String sql =
        "select "
            + COLUMNS
            + " from contact c where c.tenant_id = ? and c.id > ?"
            + conditions
            + " order by c.id limit ?";
    return jdbc.query(sql, ContactRepository::contact, parameters.toArray());
  }

  /** The members of a list in the order of their ids. */
  public List<Contact> members(UUID tenantId, UUID listId, long after, int limit) {
    return members(tenantId, listId, ContactQuery.ALL, after, limit);
  }

  /** Those of them that are asked for. */
  public List<Contact> members(
      UUID tenantId, UUID listId, ContactQuery query, long after, int limit) {
    List<Object> parameters = new ArrayList<>(List.of(listId, after, tenantId));
    String conditions = query.conditions(parameters);
    parameters.add(limit);
    String sql =
        "select "
            + COLUMNS
            + """
            from list_member m join contact c on c.id = m.contact_id
            where m.list_id = ? and m.contact_id > ? and c.tenant_id = ?
            """
            + conditions
            + " order by m.contact_id limit ?";
    return jdbc.query(sql, ContactRepository::contact, parameters.toArray());
  }

  private static Contact contact(ResultSet row, int index) throws SQLException {
    return new Contact(
        row.getLong("id"),
        row.getString("external_id"),
        row.getString("name"),
        row.getString("email"),
        row.getString("phone"),
        row.getObject("telegram_chat_id", Long.class),
        row.getString("language"),
        row.getString("time_zone"),
        row.getString("country"),
        row.getString("city"),
        texts(row.getArray("roles")),
        texts(row.getArray("tags")),
        ContactJson.object(row.getString("custom")),
        row.getLong("version"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  /** What became of one contact of a batch; id 0 when a concurrent batch made it just now. */
  record Upserted(String externalId, long id, Kind kind) {

    enum Kind {
      CREATED,
      UPDATED,
      UNCHANGED
    }
  }
}
