package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge.MatchBy;
import io.fanfare.audience.csv.CsvFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an import was asked to do, as it is kept with it.
 *
 * @param dryRun nothing is written
 * @param listId a list the contacts are put on
 * @param clearEmpty whether an empty cell clears its field; else the field stays
 * @param csv null for NDJSON
 * @param mapping columns whose field is not that of their name; null for one that is left out
 */
record ImportOptions(
    boolean dryRun,
    @Nullable UUID listId,
    MatchBy matchBy,
    boolean clearEmpty,
    @Nullable CsvFormat csv,
    Map<String, @Nullable String> mapping) {

  String format() {
    return csv == null ? "ndjson" : "csv";
  }
}
