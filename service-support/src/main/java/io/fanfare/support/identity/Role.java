package io.fanfare.support.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a key may do; each role may do all that the ones before it may. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Changes contacts, lists, templates and drafts. */
  EDITOR,
  /** Starts, pauses, resumes and cancels; requeues dead letters. */
  SENDER,
  /** Manages keys and channel accounts, reads the audit log. */
  ADMIN,
  /** Runs the installation: makes tenants. Belongs to no tenant and reads no tenant's data. */
  OPERATOR;

  /** Whether this role may do what the other is needed for. */
  public boolean includes(Role needed) {
    return this == OPERATOR || needed == OPERATOR ? this == needed : compareTo(needed) >= 0;
  }

  /** The name in JSON. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
