package io.fanfare.audience.category;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A kind of messages.
 *
 * @param name what broadcasts and opt-outs call it; never changes
 * @param title what recipients read
 * @param description what recipients read below it
 * @param mandatory nobody can opt out of it alone
 * @param version grows by one with every edit; the number in the {@code ETag}
 */
@Schema(name = "Category")
public record Category(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") UUID id,
    @Schema(example = "newsletter") String name,
    @Schema(example = "Newsletter") String title,
    @Schema(example = "What is new, once a month") @Nullable String description,
    @Schema(example = "false") boolean mandatory,
    @Schema(example = "1") long version,
    Instant createdAt,
    Instant updatedAt) {

  /** What a name looks like. */
  public static final String NAME = "[a-z0-9][a-z0-9_-]{0,49}";
}
