package io.fanfare.audience.list;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Lists and their members in PostgreSQL. Locks are taken in the order contact, list, member. */
@Repository
class ListRepository {

  private static final String COLUMNS =
      "id, name, description, contacts, version, created_at, updated_at, confirm_account,"
          + " confirm_template";

  private final JdbcTemplate jdbc;

  ListRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  ContactList insert(
      UUID tenantId,
      UUID id,
      String name,
      @Nullable String description,
      @Nullable DoubleOptIn asks) {
    String sql =
        """
        insert into contact_list
          (id, tenant_id, name, description, confirm_account, confirm_template)
        values (?, ?, ?, ?, ?, ?) returning
        """
            + COLUMNS;
    return jdbc.query(
            sql,
            ListRepository::list,
            id,
            tenantId,
            name,
            description,
            asks == null ? null : asks.accountId(),
            asks == null ? null : asks.templateId())
        .getFirst();
  }

  Optional<ContactList> find(UUID tenantId, UUID id) {
    String sql = "select " + COLUMNS + " from contact_list where tenant_id = ? and id = ?";
    return jdbc.query(sql, ListRepository::list, tenantId, id).stream().findFirst();
  }

  Optional<ContactList> findForUpdate(UUID tenantId, UUID id) {
    String sql =
        "select " + COLUMNS + " from contact_list where tenant_id = ? and id = ? for update";
    return jdbc.query(sql, ListRepository::list, tenantId, id).stream().findFirst();
  }

  List<ContactList> page(UUID tenantId, @Nullable UUID after, int limit) {
    String sql =
        "select "
            + COLUMNS
            + """
             from contact_list
            where tenant_id = ? and (?::uuid is null or id > ?::uuid) order by id limit ?
            """;
    return jdbc.query(sql, ListRepository::list, tenantId, after, after, limit);
  }

  ContactList update(
      UUID id, String name, @Nullable String description, @Nullable DoubleOptIn asks) {
    String sql =
        """
        update contact_list
        set name = ?, description = ?, confirm_account = ?, confirm_template = ?,
          version = version + 1, updated_at = now()
        where id = ? returning
        """
            + COLUMNS;
    return jdbc.query(
            sql,
            ListRepository::list,
            name,
            description,
            asks == null ? null : asks.accountId(),
            asks == null ? null : asks.templateId(),
            id)
        .getFirst();
  }

  void delete(UUID id) {
    jdbc.update("delete from list_member where list_id = ?", id);
    jdbc.update("delete from list_opt_in where list_id = ?", id);
    jdbc.update("delete from contact_list where id = ?", id);
  }

  /** The tenant's contacts among some ids, kept from being erased until the transaction ends. */
  long[] lockContacts(UUID tenantId, long[] ids) {
    return ids(
        "select id from contact where tenant_id = ? and id = any(?) order by id for key share",
        tenantId,
        ids);
  }

  /** The same by external ids. */
  long[] lockContacts(UUID tenantId, Collection<String> externalIds) {
    return ids(
        """
        select id from contact where tenant_id = ? and external_id = any(?)
        order by id for key share
        """,
        tenantId,
        externalIds.toArray(String[]::new));
  }

  /** Adds contacts; answers how many were not members before. */
  int addMembers(UUID listId, long[] contactIds) {
    int added =
        jdbc.update(
            "insert into list_member select ?, unnest(?::bigint[]) on conflict do nothing",
            listId,
            contactIds);
    changeCount(listId, added);
    return added;
  }

  /** Takes contacts out; answers how many were members. */
  int removeMembers(UUID listId, long[] contactIds) {
    int removed =
        jdbc.update(
            "delete from list_member where list_id = ? and contact_id = any(?)",
            listId,
            contactIds);
    changeCount(listId, -removed);
    return removed;
  }

  /** The lists of a contact, locked, in the order of their ids. */
  List<ContactList> listsOfForUpdate(UUID tenantId, long contactId) {
    String sql =
        "select "
            + COLUMNS
            + """
             from contact_list
            where tenant_id = ? and id in (select list_id from list_member where contact_id = ?)
            order by id for update
            """;
    return jdbc.query(sql, ListRepository::list, tenantId, contactId);
  }

  private void changeCount(UUID listId, int by) {
    if (by != 0) {
      jdbc.update(
          "update contact_list set contacts = contacts + ?, updated_at = now() where id = ?",
          by,
          listId);
    }
  }

  private long[] ids(String sql, UUID tenantId, Object array) {
    return jdbc.query(sql, (row, index) -> row.getLong(1), tenantId, array).stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static ContactList list(ResultSet row, int index) throws SQLException {
    return new ContactList(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("description"),
        row.getLong("contacts"),
        row.getLong("version"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        DoubleOptIn.of(
            row.getObject("confirm_account", UUID.class),
            row.getObject("confirm_template", UUID.class)));
  }
}
