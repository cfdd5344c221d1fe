package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key that was just made, with the one and only showing of its text.
 *
 * @param id which key
 * @param name what it is for
 * @param role what it may do
 * @param prefix the part of the key after {@code ff_}, to recognise it by
 * @param key the key itself, for the header {@code Authorization: Bearer}; it cannot be shown again
 * @param expiresAt when it stops opening; absent when it does not
 */
public record CreatedApiKey(
    UUID id,
    @Schema(example = "Newsletter backend") String name,
    Role role,
    @Schema(example = "k3v9x0aq") String prefix,
    @Schema(example = "ff_k3v9x0aq_7m2…") String key,
    @Nullable Instant expiresAt) {

  /** Never prints the key. */
  @Override
  public String toString() {
    return "CreatedApiKey[" + id + ", " + name + ", " + prefix + "]";
  }
}
