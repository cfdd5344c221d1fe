package io.fanfare.audience.imports;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.util.UUID;

/**
 * An import whose turn it is, its row locked.
 *
 * @param position how many bytes of its file are done
 * @param line the line of that place, from 1
 * @param rowsRead how many rows are done
 */
record StoredImport(
    UUID id,
    UUID tenantId,
    String actor,
    ImportOptions options,
    long position,
    long line,
    long rowsRead,
    long errorsKept) {

  /** Who asked for it. */
  Identity who() {
    return new Identity(tenantId, actor, Role.EDITOR);
  }
}
