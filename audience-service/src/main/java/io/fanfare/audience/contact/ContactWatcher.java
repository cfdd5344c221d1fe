package io.fanfare.audience.contact;

import java.util.UUID;

/** Somebody to whom the addresses of contacts matter. */
public interface ContactWatcher {

  /** Called in the transaction that made or changed contacts, whose rows are locked. */
  void written(UUID tenantId, long[] contactIds);
}
