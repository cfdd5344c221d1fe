package io.fanfare.audience.release;

import io.fanfare.audience.freeze.SkipReason;
import io.fanfare.audience.quiet.QuietHours;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact as a command needs it.
 *
 * @param address where to on the command's channel; null when there is none, or it must not be used
 * @param contact the fields the content uses
 * @param suppressed the code of the reason not to send to it; null when there is none
 * @param next the channel it goes on to when this one does not reach it; null when there is none
 * @param variables of a single message; null when it is none
 * @param zone its time zone; null where it has none, or nothing is sent to it
 * @param quiet its quiet hours, as they are now; null when it has none
 */
record Recipient(
    @Nullable String address,
    Map<String, Object> contact,
    @Nullable String suppressed,
    @Nullable ChannelPlan next,
    @Nullable Map<String, Object> variables,
    @Nullable String zone,
    QuietHours.@Nullable Window quiet) {

  /** Why somebody without an address to be sent to is skipped. */
  static final List<SkipReason> REASONS =
      List.of(SkipReason.OPTED_OUT, SkipReason.SUPPRESSED, SkipReason.NO_ADDRESS);

  Recipient(
      @Nullable String address,
      Map<String, Object> contact,
      @Nullable String suppressed,
      @Nullable ChannelPlan next) {
    this(address, contact, suppressed, next, null, null, null);
  }

  Recipient withVariables(@Nullable Map<String, Object> own) {
    return new Recipient(address, contact, suppressed, next, own, zone, quiet);
  }

  Recipient in(@Nullable String timeZone) {
    return new Recipient(address, contact, suppressed, next, variables, timeZone, quiet);
  }

  Recipient within(QuietHours.Window hours) {
    return new Recipient(address, contact, suppressed, next, variables, zone, hours);
  }

  /** When its quiet hours end, where they have begun; null where it may be sent to. */
  @Nullable Instant quietUntil() {
    return quiet == null ? null : quiet.until();
  }

  /** Why one may have no address. */
  static final List<SkipReason> SKIPS =
      List.of(
          SkipReason.OPTED_OUT,
          SkipReason.OPTED_OUT_OF_CATEGORY,
          SkipReason.SUPPRESSED,
          SkipReason.NO_ADDRESS);

  /** Somebody who was erased since the freeze. */
  static final Recipient GONE = new Recipient(null, Map.of(), null, null);

  /**
   * Somebody who wants no messages, or whose address is never to be sent to.
   *
   * @param code why, as workers are told
   */
  static Recipient suppressed(String code, @Nullable ChannelPlan next) {
    return new Recipient(null, Map.of(), code, next);
  }

  /** Why it is skipped when it has no address to be sent to. */
  SkipReason skipReason() {
    if (suppressed == null) {
      return SkipReason.NO_ADDRESS;
    }
    return switch (suppressed) {
      case Suppression.OPTED_OUT_OF_CATEGORY -> SkipReason.OPTED_OUT_OF_CATEGORY;
      case Suppression.ADDRESS_SUPPRESSED -> SkipReason.SUPPRESSED;
      default -> SkipReason.OPTED_OUT;
    };
  }
}
