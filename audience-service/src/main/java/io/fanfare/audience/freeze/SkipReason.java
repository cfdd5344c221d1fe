package io.fanfare.audience.freeze;

import java.util.Locale;

/** Why a recipient is not sent to although it was planned. */
public enum SkipReason {
  /** The contact wants no messages on the channel. */
  OPTED_OUT,
  /** The contact wants no messages of the broadcast's category. */
  OPTED_OUT_OF_CATEGORY,
  /** The contact has no address on the channel. */
  NO_ADDRESS,
  /** An earlier contact of the list has the same address on the channel. */
  DUPLICATE_ADDRESS,
  /** The contact has had as many messages as its frequency cap allows. */
  OVER_CAP,
  /** The local time of the broadcast had passed where the contact is when it started. */
  LOCAL_TIME_PAST,
  /** The contact's address on the channel is on the suppression list. */
  SUPPRESSED;

  /** The name in JSON and in the database. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
