package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a look came to what it did. */
enum LookReason {
  /** A variant was sent to fewer recipients than the minimum sample. */
  TOO_SMALL,
  /** The sizes of the variants are not as planned, as some of them are still being sent to. */
  SENDING,
  /** The sizes of the variants are not as planned. */
  SAMPLE_RATIO,
  NOT_SIGNIFICANT,
  SIGNIFICANT;

  /** The name in JSON and in the table. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
