package io.fanfare.audience.suppression;

import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.util.List;
import java.util.UUID;

/** The other reasons not to send to a contact, which workers are told of in the same record. */
public interface StandingOptOuts {

  List<Suppression> suppressions(UUID tenantId, long contactId);
}
