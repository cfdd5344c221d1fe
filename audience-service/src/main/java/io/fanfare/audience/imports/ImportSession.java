package io.fanfare.audience.imports;

import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one instance keeps in memory of an import between two batches. It is worth something only
 * where the import's row says that nobody else went on meanwhile, and can be made anew any time.
 */
final class ImportSession {

  private static final int MOST_BATCH_BYTES = 2 * 1024 * 1024;

  final UUID importId;
  final RowReader reader;
  final KeySet keys;

  /** Why no row can be read at all; null for nothing. */
  final @Nullable String fault;

  /** Rows read before the next one. */
  long rowsRead;

  private ImportSession(UUID importId, RowReader reader, KeySet keys, @Nullable String fault) {
    this.importId = importId;
    this.reader = reader;
    this.keys = keys;
    this.fault = fault;
  }

  static ImportSession open(StoredImport one, ImportRepository imports) {
    List<FieldProblem> problems = new ArrayList<>();
    RowReader reader =
        RowReader.open(
            one.options(),
            offset -> imports.pieceOf(one.id(), offset),
            one.position(),
            one.line(),
            problems);
    String fault =
        problems.isEmpty()
            ? null
            : problems.stream()
                .map(problem -> problem.pointer() + " " + problem.detail())
                .collect(Collectors.joining("; "));
    KeySet keys = one.position() == 0 ? new KeySet() : imports.seenKeys(one.id());
    ImportSession session = new ImportSession(one.id(), reader, keys, fault);
    session.rowsRead = one.rowsRead();
    return session;
  }

  /** Whether the import stands where this session has read to. */
  boolean fits(StoredImport one) {
    return importId.equals(one.id()) && rowsRead == one.rowsRead();
  }

  /** The rows of the next batch; fewer than the limit only at the end, or when they are long. */
  List<ImportRow> read(int limit) {
    List<ImportRow> rows = new ArrayList<>(limit);
    long begin = reader.position();
    while (rows.size() < limit && reader.position() - begin < MOST_BATCH_BYTES) {
      ImportRow row = reader.next();
      if (row == null) {
        break;
      }
      rows.add(row);
    }
    rowsRead += rows.size();
    return rows;
  }
}
