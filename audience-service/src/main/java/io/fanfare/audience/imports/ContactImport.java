package io.fanfare.audience.imports;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An import and how far it is. */
@Schema(name = "ContactImport")
record ContactImport(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") UUID id,
    @Schema(
            description = "`queued`, `running`, and at the end `completed`, `failed`, `cancelled`",
            example = "running")
        String state,
    @Schema(example = "csv") String format,
    @Schema(description = "Nothing is written", example = "false") boolean dryRun,
    @Schema(example = "external_id") String matchBy,
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7e") @Nullable UUID listId,
    @Schema(description = "Of the file, in UTF-8", example = "1048576") long bytes,
    @Schema(description = "Of the bytes, that are done", example = "47.8") double percent,
    Rows rows,
    @Schema(description = "Since it began", example = "18000") long rowsPerSecond,
    @Schema(
            description = "Things wrong with rows that failed; a row may have several",
            example = "3")
        long errors,
    @Schema(description = "How many of them the file of errors has", example = "3") long errorsKept,
    @Schema(description = "Why it failed as a whole, or was cancelled") @Nullable Failure failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {

  /** What became of the rows: read = created + updated + unchanged + failed. */
  @Schema(name = "ContactImportRows")
  record Rows(
      @Schema(example = "1000") long read,
      @Schema(example = "980") long created,
      @Schema(example = "7") long updated,
      @Schema(example = "3") long unchanged,
      @Schema(example = "10") long failed,
      @Schema(
              description =
                  "Rows whose contact an earlier row of the file has written; the later one wins",
              example = "2")
          long duplicates) {}

  /**
   * Why it went no further.
   *
   * @param code stable, for machines
   */
  @Schema(name = "ContactImportFailure")
  record Failure(
      @Schema(example = "list_not_found") String code,
      @Schema(example = "the list is gone; 4,000 rows were written before") String detail) {}

  boolean isOver() {
    return endedAt != null;
  }
}
