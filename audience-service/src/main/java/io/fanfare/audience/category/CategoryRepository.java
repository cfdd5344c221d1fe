package io.fanfare.audience.category;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Categories in PostgreSQL. */
@Repository
public class CategoryRepository {

  private static final String COLUMNS =
      "id, name, title, description, mandatory, version, created_at, updated_at";

  private final JdbcTemplate jdbc;

  CategoryRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Until the transaction ends nobody else makes a category of the tenant. */
  void lock(UUID tenantId) {
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('category ' || ?, 0))",
        row -> {},
        tenantId.toString());
  }

  Category insert(
      UUID tenantId,
      UUID id,
      String name,
      String title,
      @Nullable String description,
      boolean mandatory) {
    String sql =
        """
        insert into category (id, tenant_id, name, title, description, mandatory)
        values (?, ?, ?, ?, ?, ?) returning
        """
            + COLUMNS;
    return jdbc.query(
            sql, CategoryRepository::category, id, tenantId, name, title, description, mandatory)
        .getFirst();
  }

  Category update(UUID id, String title, @Nullable String description, boolean mandatory) {
    String sql =
        """
        update category set title = ?, description = ?, mandatory = ?, version = version + 1,
          updated_at = now()
        where id = ? returning
        """
            + COLUMNS;
    return jdbc.query(sql, CategoryRepository::category, title, description, mandatory, id)
        .getFirst();
  }

  void delete(UUID id) {
    jdbc.update("delete from category where id = ?", id);
  }

  Optional<Category> find(UUID tenantId, UUID id, boolean forUpdate) {
    String sql =
        "select "
            + COLUMNS
            + " from category where tenant_id = ? and id = ?"
            + (forUpdate ? " for update" : "");
    return jdbc.query(sql, CategoryRepository::category, tenantId, id).stream().findFirst();
  }

  /** The one of a name. */
  public Optional<Category> named(UUID tenantId, String name) {
    String sql = "select " + COLUMNS + " from category where tenant_id = ? and name = ?";
    return jdbc.query(sql, CategoryRepository::category, tenantId, name).stream().findFirst();
  }

  /** All of a tenant, in the order of their titles. */
  public List<Category> all(UUID tenantId) {
    String sql =
        "select " + COLUMNS + " from category where tenant_id = ? order by lower(title), id";
    return jdbc.query(sql, CategoryRepository::category, tenantId);
  }

  private static Category category(ResultSet row, int index) throws SQLException {
    return new Category(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("title"),
        row.getString("description"),
        row.getBoolean("mandatory"),
        row.getLong("version"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
