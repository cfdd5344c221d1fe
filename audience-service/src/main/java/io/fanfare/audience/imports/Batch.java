package io.fanfare.audience.imports;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of the rows of one batch: read = created + updated + unchanged + failed. */
final class Batch {

  /**
   * A thing wrong with a row.
   *
   * @param row its number in the file, from 1, the header not counted
   * @param column as the file calls it; null for the row as a whole
   */
  record RowError(
      long row, long line, @Nullable String column, String code, String detail, String original) {}

  int read;
  int created;
  int updated;
  int unchanged;
  int failed;
  int duplicates;
  final List<RowError> errors = new ArrayList<>();
  final List<Long> newKeys = new ArrayList<>();
  final List<Long> contactIds = new ArrayList<>();
}
