package io.fanfare.audience.imports;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of imports.
 *
 * @param maxBytes the largest file, in bytes; {@code FANFARE_IMPORT_MAX_BYTES}, of which the front
 *     door has its own
 * @param keep how long an import that has ended and its errors can be looked at; {@code
 *     FANFARE_IMPORT_KEEP}
 * @param maxErrors how many errors of an import are kept for the file of errors; further ones are
 *     counted
 */
@ConfigurationProperties("fanfare.imports")
record ImportProperties(
    @DefaultValue("2147483648") long maxBytes,
    @DefaultValue("7d") Duration keep,
    @DefaultValue("100000") int maxErrors) {

  ImportProperties {
    if (maxBytes < 1 || !keep.isPositive() || maxErrors < 1) {
      throw new IllegalArgumentException("the bounds of imports are at least 1");
    }
  }
}
