package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the choice of a variant stands on. */
enum DecidedBy {
  /** It was significantly better. */
  WINNER,
  /** Nothing was significant: it was declared for that case. */
  FALLBACK,
  /** Somebody chose it. */
  OPERATOR;

  /** The name in JSON and in the table. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DecidedBy of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
