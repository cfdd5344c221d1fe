package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.Expansion.Named;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.FilterReader;
import io.fanfare.support.problem.FieldProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Segments in PostgreSQL; every statement is bound to one tenant. */
@Repository
public class SegmentRepository {

  /** Keeps every digit of a number. */
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final String COLUMNS =
      "id, name, description, filter, contacts, counted_at, version, created_at, updated_at";

  private final JdbcTemplate jdbc;

  SegmentRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A segment of the tenant. */
  public Optional<Segment> find(UUID tenantId, UUID id) {
    String sql = "select " + COLUMNS + " from segment where tenant_id = ? and id = ?";
    return jdbc.query(sql, SegmentRepository::segment, tenantId, id).stream().findFirst();
  }

  /**
   * What a segment's filter says; null when the tenant has no such segment.
   *
   * @throws IllegalStateException when it cannot be read any more
   */
  @Nullable Named findFilter(UUID tenantId, UUID id) {
    return find(tenantId, id).map(SegmentRepository::named).orElse(null);
  }

  static Named named(Segment segment) {
    List<FieldProblem> problems = new ArrayList<>();
    Filter filter = FilterReader.read(segment.filter(), "", problems);
    if (filter == null) {
      throw new IllegalStateException(
          "the filter of segment " + segment.id() + " cannot be read: " + problems);
    }
    return new Named(segment.id(), segment.name(), filter);
  }

  /** Those of some lists that are the tenant's. */
  Set<UUID> findLists(UUID tenantId, Collection<UUID> ids) {
    return new HashSet<>(
        jdbc.queryForList(
            "select id from contact_list where tenant_id = ? and id = any(?::uuid[])",
            UUID.class,
            tenantId,
            ids.stream().map(UUID::toString).distinct().toArray(String[]::new)));
  }

  /** Lets only one at a time change what the tenant's segments are made of. */
  void lock(UUID tenantId) {
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('segment ' || ?, 0))",
        row -> {},
        tenantId.toString());
  }

  long count(UUID tenantId) {
    Long count =
        jdbc.queryForObject(
            "select count(*) from segment where tenant_id = ?", Long.class, tenantId);
    return count == null ? 0 : count;
  }

  /** Those that name another segment in their filters. */
  List<Segment> findMadeOfOthers(UUID tenantId) {
    String sql =
        "select "
            + COLUMNS
            + " from segment where tenant_id = ? and jsonb_path_exists(filter, '$.**.segment')"
            + " order by id";
    return jdbc.query(sql, SegmentRepository::segment, tenantId);
  }

  List<Segment> page(UUID tenantId, @Nullable UUID after, int limit) {
    String sql =
        "select "
            + COLUMNS
            + " from segment where tenant_id = ? and (?::uuid is null or id > ?::uuid)"
            + " order by id limit ?";
    return jdbc.query(sql, SegmentRepository::segment, tenantId, after, after, limit);
  }

  Segment insert(
      UUID tenantId, UUID id, String name, @Nullable String description, JsonNode filter) {
    String sql =
        "insert into segment (id, tenant_id, name, description, filter)"
            + " values (?, ?, ?, ?, ?::jsonb) returning "
            + COLUMNS;
    return jdbc.query(
            sql, SegmentRepository::segment, id, tenantId, name, description, filter.toString())
        .getFirst();
  }

  /** Forgets the count when the filter is another. */
  Segment update(
      UUID tenantId, UUID id, String name, @Nullable String description, JsonNode filter) {
    String json = filter.toString();
    String sql =
        """
        update segment
        set name = ?, description = ?, filter = ?::jsonb, version = version + 1,
            updated_at = now(),
            contacts = case when filter = ?::jsonb then contacts end,
            counted_at = case when filter = ?::jsonb then counted_at end
        where tenant_id = ? and id = ? returning
        """
            + COLUMNS;
    return jdbc.query(
            sql, SegmentRepository::segment, name, description, json, json, json, tenantId, id)
        .getFirst();
  }

  void delete(UUID tenantId, UUID id) {
    jdbc.update("delete from segment where tenant_id = ? and id = ?", tenantId, id);
  }

  /** Keeps a count, unless the segment was edited or counted later meanwhile. */
  void setCount(UUID tenantId, UUID id, long version, long contacts, Instant at) {
    OffsetDateTime countedAt = at.atOffset(ZoneOffset.UTC);
    jdbc.update(
        """
        update segment set contacts = ?, counted_at = ?
        where tenant_id = ? and id = ? and version = ?
          and (counted_at is null or counted_at < ?)
        """,
        contacts,
        countedAt,
        tenantId,
        id,
        version,
        countedAt);
  }

  private static Segment segment(ResultSet row, int index) throws SQLException {
    OffsetDateTime countedAt = row.getObject("counted_at", OffsetDateTime.class);
    return new Segment(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("description"),
        JSON.readTree(row.getString("filter")),
        row.getObject("contacts", Long.class),
        countedAt == null ? null : countedAt.toInstant(),
        row.getLong("version"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
