package io.fanfare.audience.imports;

import io.fanfare.audience.Loop;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Forgets uploads that nobody goes on with, and imports that ended long ago. */
@Component
class ImportCleaner extends Loop {

  private static final Duration PAUSE = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofMinutes(10);

  ImportCleaner(ImportRepository imports, ImportProperties properties) {
    super(
        "contact-import-cleaner",
        PAUSE,
        () -> {
          imports.abandonedUploads(SILENCE).forEach(imports::discard);
          imports.forget(properties.keep());
          return false;
        });
  }
}
