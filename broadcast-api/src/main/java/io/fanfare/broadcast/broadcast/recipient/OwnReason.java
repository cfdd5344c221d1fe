package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.contract.delivery.Cause;

/** What the reasons audience-service gives say in words. */
final class OwnReason {

  private OwnReason() {}

  static Cause cause(String code) {
    return new Cause(code, words(code), null);
  }

  private static String words(String code) {
    return switch (code) {
      case "opted_out" -> "the contact wants no messages on the channel";
      case "no_address" -> "the contact has no address on the channel";
      case "duplicate_address" -> "an earlier contact of the audience has the same address";
      case "over_cap" -> "the contact has had as many messages as its frequency cap allows";
      case "broadcast_cancelled" -> "the broadcast was cancelled before it was the contact's turn";
      case "broadcast_failed" -> "the broadcast failed before it was the contact's turn";
      case "waits_for_winner" -> "the contact gets the winner of the test once it is decided";
      case "quiet_hours" -> "the contact has quiet hours";
      case "not_due" -> "the contact's time has not come yet";
      default -> code.replace('_', ' ');
    };
  }
}
