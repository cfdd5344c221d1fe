package io.fanfare.audience.imports;

import io.fanfare.audience.imports.Batch.RowError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Imports in PostgreSQL, with the pieces of their files and the errors of their rows. */
@Repository
class ImportRepository {

  static final int MOST_ORIGINAL = 4_000;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String OPEN = "state in ('receiving', 'queued', 'running')";

  private final JdbcTemplate jdbc;

  ImportRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  int openImports(UUID tenantId) {
    String sql = "select count(*) from contact_import where tenant_id = ? and " + OPEN;
    return Optional.ofNullable(jdbc.queryForObject(sql, Integer.class, tenantId)).orElse(0);
  }

  void insert(UUID id, UUID tenantId, String actor, ImportOptions options) {
    jdbc.update(
        """
        insert into contact_import (id, tenant_id, actor, state, options)
        values (?, ?, ?, 'receiving', ?::jsonb)
        """,
        id,
        tenantId,
        actor,
        MAPPER.writeValueAsString(options));
  }

  /** Keeps a piece of the file, unless the import was given up meanwhile. */
  @Transactional
  public boolean addPiece(UUID id, int piece, byte[] content) {
    int there =
        jdbc.update(
            """
            update contact_import set bytes = bytes + ?, touched_at = now()
            where id = ? and state = 'receiving'
            """,
            content.length,
            id);
    if (there > 0) {
      jdbc.update("insert into contact_import_piece values (?, ?, ?)", id, piece, content);
    }
    return there > 0;
  }

  boolean queue(UUID id) {
    return jdbc.update(
            """
            update contact_import set state = 'queued', touched_at = now()
            where id = ? and state = 'receiving'
            """,
            id)
        > 0;
  }

  /** As if it had never been asked for. */
  @Transactional
  public void discard(UUID id) {
    if (jdbc.update("delete from contact_import where id = ? and state = 'receiving'", id) > 0) {
      forgetFile(id);
    }
  }

  /** The piece of a file that holds this offset; empty beyond the end. */
  byte[] pieceOf(UUID id, long offset) {
    return jdbc
        .query(
            "select content from contact_import_piece where import_id = ? and piece = ?",
            (row, index) -> row.getBytes(1),
            id,
            (int) (offset / RowReader.PIECE_BYTES))
        .stream()
        .findFirst()
        .orElseGet(() -> new byte[0]);
  }

  /**
   * The import whose turn it is, locked: the preferred one, else the one that waits longest.
   *
   * @param preferred null for none
   */
  Optional<StoredImport> lockNext(@Nullable UUID preferred) {
    String sql =
        """
        select id, tenant_id, actor, options, position, line, rows_read, errors_kept
        from contact_import where state in ('queued', 'running')
        order by id is distinct from ?::uuid, touched_at limit 1 for update skip locked
        """;
    return jdbc
        .query(
            sql,
            (row, index) ->
                new StoredImport(
                    row.getObject("id", UUID.class),
                    row.getObject("tenant_id", UUID.class),
                    row.getString("actor"),
                    MAPPER.readValue(row.getString("options"), ImportOptions.class),
                    row.getLong("position"),
                    row.getLong("line"),
                    row.getLong("rows_read"),
                    row.getLong("errors_kept")),
            preferred)
        .stream()
        .findFirst();
  }

  /** Hashes of the keys of rows that are done. */
  KeySet seenKeys(UUID id) {
    KeySet keys = new KeySet();
    jdbc.query(
        "select keys from contact_import_seen where import_id = ?",
        row -> {
          for (Long key : (Long[]) row.getArray(1).getArray()) {
            keys.add(key);
          }
        },
        id);
    return keys;
  }

  /** Moves an import on by a batch, in the transaction that wrote it. */
  void advance(StoredImport one, Batch batch, long position, long line, int errorsKept) {
    jdbc.update(
        """
        update contact_import
        set state = 'running', started_at = coalesce(started_at, now()), touched_at = now(),
            position = ?, line = ?, rows_read = rows_read + ?, created = created + ?,
            updated = updated + ?, unchanged = unchanged + ?, failed = failed + ?,
            duplicates = duplicates + ?, errors = errors + ?, errors_kept = errors_kept + ?
        where id = ?
        """,
        position,
        line,
        batch.read,
        batch.created,
        batch.updated,
        batch.unchanged,
        batch.failed,
        batch.duplicates,
        batch.errors.size(),
        errorsKept,
        one.id());
    if (!batch.newKeys.isEmpty()) {
      jdbc.update(
          "insert into contact_import_seen values (?, ?, ?)",
          one.id(),
          one.rowsRead(),
          batch.newKeys.toArray(Long[]::new));
    }
  }

  void addErrors(StoredImport one, List<RowError> errors) {
    if (errors.isEmpty()) {
      return;
    }
    Long[] numbers = new Long[errors.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = one.errorsKept() + i;
    }
    jdbc.update(
        """
        insert into contact_import_error
        select ?, * from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
                                ?::text[], ?::text[])
        """,
        one.id(),
        numbers,
        errors.stream().map(RowError::row).toArray(Long[]::new),
        errors.stream().map(RowError::line).toArray(Long[]::new),
        texts(errors, RowError::column),
        texts(errors, RowError::code),
        texts(errors, RowError::detail),
        texts(errors, error -> kept(error.original())));
  }

  private static @Nullable String[] texts(
      List<RowError> errors, Function<RowError, @Nullable String> of) {
    return errors.stream().map(of).toArray(String[]::new);
  }

  private static String kept(String original) {
    String kept =
        original.length() > MOST_ORIGINAL ? original.substring(0, MOST_ORIGINAL) + "…" : original;
    // PostgreSQL's text cannot hold this character.
    return kept.replace('\0', '\uFFFD');
  }

  /** Errors of an import in the order of the file, after the one of this number. */
  List<Numbered> errors(UUID id, long after, int limit) {
    return jdbc.query(
        """
        select number, row_number, line, field, code, detail, original from contact_import_error
        where import_id = ? and number > ? order by number limit ?
        """,
        (row, index) ->
            new Numbered(
                row.getLong("number"),
                new RowError(
                    row.getLong("row_number"),
                    row.getLong("line"),
                    row.getString("field"),
                    row.getString("code"),
                    row.getString("detail"),
                    Optional.ofNullable(row.getString("original")).orElse(""))),
        id,
        after,
        limit);
  }

  /** Forgets failed rows that name a contact; the errors themselves stay. */
  void forgetRowsAbout(UUID tenantId, long contactId) {
    jdbc.update(
        """
        update contact_import_error e set original = null
        from contact_import i, contact c
        where i.tenant_id = ? and e.import_id = i.id and c.tenant_id = i.tenant_id and c.id = ?
          and (strpos(lower(e.original), lower(c.email)) > 0
            or strpos(lower(e.original), lower(c.name)) > 0
            or strpos(e.original, c.phone) > 0
            or strpos(e.original, c.external_id) > 0
            or strpos(e.original, c.telegram_chat_id::text) > 0)
        """,
        tenantId,
        contactId);
  }

  /** Ends an import that has not ended; false when it has. */
  @Transactional
  public boolean end(
      UUID tenantId, UUID id, String state, ContactImport.@Nullable Failure failure) {
    int ended =
        jdbc.update(
            """
            update contact_import
            set state = ?, failure_code = ?, failure_detail = ?, touched_at = now(),
                started_at = coalesce(started_at, now()), ended_at = clock_timestamp()
            where tenant_id = ? and id = ? and
            """
                + OPEN,
            state,
            failure == null ? null : failure.code(),
            failure == null ? null : failure.detail(),
            tenantId,
            id);
    if (ended > 0) {
      forgetFile(id);
    }
    return ended > 0;
  }

  private void forgetFile(UUID id) {
    jdbc.update("delete from contact_import_piece where import_id = ?", id);
    jdbc.update("delete from contact_import_seen where import_id = ?", id);
  }

  /** Uploads nobody goes on with; the instance that took one may have been killed. */
  List<UUID> abandonedUploads(Duration silence) {
    return jdbc.query(
        """
        select id from contact_import
        where state = 'receiving' and touched_at < now() - make_interval(secs => ?)
        """,
        (row, index) -> row.getObject("id", UUID.class),
        silence.toSeconds());
  }

  /** Forgets imports that ended so long ago, and the errors of their rows. */
  @Transactional
  public void forget(Duration keep) {
    List<UUID> old =
        jdbc.query(
            """
            delete from contact_import where ended_at < now() - make_interval(secs => ?)
            returning id
            """,
            (row, index) -> row.getObject("id", UUID.class),
            keep.toSeconds());
    old.forEach(id -> jdbc.update("delete from contact_import_error where import_id = ?", id));
  }

  Optional<ContactImport> find(UUID tenantId, UUID id) {
    String sql = "select * from contact_import where tenant_id = ? and id = ?";
    return jdbc.query(sql, ImportRepository::contactImport, tenantId, id).stream().findFirst();
  }

  /** Newest first. */
  List<ContactImport> page(UUID tenantId, @Nullable UUID before, int limit) {
    String sql =
        """
        select * from contact_import
        where tenant_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?
        """;
    return jdbc.query(sql, ImportRepository::contactImport, tenantId, before, before, limit);
  }

  private static ContactImport contactImport(ResultSet row, int index) throws SQLException {
    ImportOptions options = MAPPER.readValue(row.getString("options"), ImportOptions.class);
    Instant started = instant(row, "started_at");
    Instant ended = instant(row, "ended_at");
    Instant touched = ended == null ? instant(row, "touched_at") : ended;
    long bytes = row.getLong("bytes");
    long position = row.getLong("position");
    String failure = row.getString("failure_code");
    long read = row.getLong("rows_read");
    return new ContactImport(
        row.getObject("id", UUID.class),
        row.getString("state"),
        options.format(),
        options.dryRun(),
        options.matchBy().field(),
        options.listId(),
        bytes,
        bytes == 0 ? 0 : Math.round(1000.0 * position / bytes) / 10.0,
        new ContactImport.Rows(
            read,
            row.getLong("created"),
            row.getLong("updated"),
            row.getLong("unchanged"),
            row.getLong("failed"),
            row.getLong("duplicates")),
        perSecond(read, started, touched),
        row.getLong("errors"),
        row.getLong("errors_kept"),
        failure == null
            ? null
            : new ContactImport.Failure(failure, String.valueOf(row.getString("failure_detail"))),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        started,
        ended);
  }

  private static long perSecond(long rows, @Nullable Instant from, @Nullable Instant to) {
    long millis = from == null || to == null ? 0 : Duration.between(from, to).toMillis();
    return millis <= 0 ? 0 : rows * 1_000 / millis;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** An error and its number in the import, by which pages go. */
  record Numbered(long number, RowError error) {}
}
