package io.fanfare.dispatch.engagement.telegram;

import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** Where a contact chooses what to get. */
@FunctionalInterface
public interface PreferenceLinks {

  /** The contact's own page; nothing where there is none. */
  Optional<URI> of(UUID tenantId, long contactId);
}
