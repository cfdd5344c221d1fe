package io.fanfare.audience.imports;

import java.util.UUID;

/** A batch could not be written, and nobody else is to blame for it: another try fails as well. */
final class BatchFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final UUID importId;
  private final long rowsRead;
  private final int limit;

  /**
   * @param rowsRead where the batch began
   * @param limit how many rows it had at most
   */
  BatchFailed(UUID importId, long rowsRead, int limit, RuntimeException cause) {
    super("a batch of at most %d rows could not be written".formatted(limit), cause);
    this.importId = importId;
    this.rowsRead = rowsRead;
    this.limit = limit;
  }

  boolean isOf(StoredImport one) {
    return importId.equals(one.id()) && rowsRead == one.rowsRead();
  }

  /** Rows of the next try of the same place; 0 when this was one row, which is to be refused. */
  int nextLimit() {
    return limit == 1 ? 0 : Math.max(1, limit / 32);
  }
}
