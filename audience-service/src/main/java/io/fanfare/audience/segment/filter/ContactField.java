package io.fanfare.audience.segment.filter;

import java.util.Locale;
import java.util.Optional;

/**
 * The fields every contact may have, as filters name them; custom fields have names of their own.
 */
public enum ContactField {
  ID(Kind.WHOLE_NUMBER, false),
  EXTERNAL_ID(Kind.TEXT, false),
  NAME(Kind.TEXT, true),
  EMAIL(Kind.TEXT, true),
  PHONE(Kind.TEXT, false),
  TELEGRAM_CHAT_ID(Kind.WHOLE_NUMBER, false),
  LANGUAGE(Kind.TEXT, true),
  TIME_ZONE(Kind.TEXT, false),
  COUNTRY(Kind.TEXT, false),
  CITY(Kind.TEXT, true),
  ROLES(Kind.WORDS, false),
  TAGS(Kind.WORDS, false),
  CREATED_AT(Kind.TIME, false),
  UPDATED_AT(Kind.TIME, false);

  /** What the values of a field are, which decides how it can be compared. */
  public enum Kind {
    WHOLE_NUMBER,
    TEXT,
    WORDS,
    TIME
  }

  private final Kind kind;
  private final boolean anyCase;

  ContactField(Kind kind, boolean anyCase) {
    this.kind = kind;
    this.anyCase = anyCase;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether texts are the same in upper and lower case. */
  public boolean anyCase() {
    return anyCase;
  }

  /** The name in filters, which is the column's too. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<ContactField> of(String id) {
    for (ContactField field : values()) {
      if (field.id().equals(id)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }
}
