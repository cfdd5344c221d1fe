package io.fanfare.audience.csv;

import org.jspecify.annotations.Nullable;

/**
 * A record of a file as it stands there.
 *
 * @param line where it begins, from 1
 * @param text without its line end; of one that is wrong at most its first characters
 * @param fault what keeps it from being read; null for none
 */
public record FileRecord(long line, String text, @Nullable Fault fault) {

  /**
   * What is wrong.
   *
   * @param code stable, for machines
   */
  public record Fault(String code, String detail) {}
}
