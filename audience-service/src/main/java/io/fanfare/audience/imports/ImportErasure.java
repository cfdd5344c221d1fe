package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.identity.Identity;
import org.springframework.stereotype.Component;

/** Forgets rows of imports that failed and are about a contact that is to be erased. */
@Component
class ImportErasure implements ContactErasure {

  private final ImportRepository imports;

  ImportErasure(ImportRepository imports) {
    this.imports = imports;
  }

  @Override
  public void beforeErasing(Identity who, long contactId) {
    imports.forgetRowsAbout(who.tenant(), contactId);
  }
}
