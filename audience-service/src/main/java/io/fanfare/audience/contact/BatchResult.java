package io.fanfare.audience.contact;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch of contacts. */
@Schema(name = "ContactBatchResult")
record BatchResult(
    @Schema(example = "997") int created,
    @Schema(example = "1") int updated,
    @Schema(description = "Already as given", example = "1") int unchanged,
    @Schema(description = "Rows that were not kept; the others were") List<RowError> errors,
    @Schema(description = "The id of each row, in order; null where the row was not kept")
        List<@Nullable Long> ids) {

  /**
   * One thing wrong with one row.
   *
   * @param index the row, from 0
   * @param pointer the field, a JSON pointer into the body
   * @param detail what is wrong
   */
  @Schema(name = "ContactBatchError")
  record RowError(
      @Schema(example = "3") int index,
      @Schema(example = "/contacts/3/email") String pointer,
      @Schema(example = "is not an e-mail address in ASCII") String detail) {}
}
