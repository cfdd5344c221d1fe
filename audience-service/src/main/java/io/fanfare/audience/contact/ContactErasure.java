package io.fanfare.audience.contact;

import io.fanfare.support.identity.Identity;

/** What must go before a contact does. Declared here, so that contacts know nothing of lists. */
public interface ContactErasure {

  /** Runs in the transaction of the erasure, with the contact's row locked. */
  void beforeErasing(Identity who, long contactId);
}
