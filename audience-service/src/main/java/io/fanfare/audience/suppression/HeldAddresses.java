package io.fanfare.audience.suppression;

import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the suppression list says of a contact, for the record that tells workers all of it. */
@Component
public class HeldAddresses {

  private final SuppressionRepository suppressions;

  HeldAddresses(SuppressionRepository suppressions) {
    this.suppressions = suppressions;
  }

  /** One for each channel on which the contact's address is suppressed. */
  public List<Suppression> suppressions(UUID tenantId, long contactId) {
    return suppressions.held(tenantId, contactId).stream()
        .map(held -> new Suppression(held.channel(), Suppression.ADDRESS_SUPPRESSED, held.since()))
        .toList();
  }
}
