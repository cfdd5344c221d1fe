package io.fanfare.audience.freeze;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How audiences are frozen.
 *
 * @param chunkSize recipients a chunk, 1 to 10,000; {@code FANFARE_FREEZE_CHUNK_SIZE}
 */
@ConfigurationProperties("fanfare.freeze")
record FreezeProperties(@DefaultValue("1000") int chunkSize) {

  FreezeProperties {
    if (chunkSize < 1 || chunkSize > 10_000) {
      throw new IllegalArgumentException("fanfare.freeze.chunk-size is 1 to 10000");
    }
  }
}
