package io.fanfare.audience.optout;

import io.fanfare.audience.suppression.SuppressionReason;
import io.fanfare.contract.engagement.EngagementEvent;
import org.jspecify.annotations.Nullable;

/** What of that which recipients did says that they want, or can get, no more. */
final class EngagementPolicy {

  private static final String HARD = "hard";

  private EngagementPolicy() {}

  /** Why the contact is opted out; null when it is not. What a machine did is nobody's wish. */
  static @Nullable String reasonToOptOut(EngagementEvent event) {
    if (event.machine() != null) {
      return null;
    }
    return switch (event.kind()) {
      case UNSUBSCRIBED -> "unsubscribed";
      case COMPLAINED -> "complained";
      case BOUNCED, OPENED, CLICKED, REPLIED, BUTTON, CUSTOM -> null;
    };
  }

  /** Why the address the message went to is suppressed, whoever has it; null when it is not. */
  static @Nullable SuppressionReason reasonToSuppress(EngagementEvent event) {
    if (event.machine() != null) {
      return null;
    }
    return switch (event.kind()) {
      case COMPLAINED -> SuppressionReason.COMPLAINT;
      case BOUNCED -> HARD.equals(event.name()) ? SuppressionReason.HARD_BOUNCE : null;
      case OPENED, CLICKED, REPLIED, BUTTON, UNSUBSCRIBED, CUSTOM -> null;
    };
  }

  /**
   * The category it is about; null when it is about the channel. Whoever complains, or cannot be
   * reached, gets nothing more on it.
   */
  static @Nullable String category(EngagementEvent event) {
    return event.kind() == EngagementEvent.Kind.UNSUBSCRIBED ? event.name() : null;
  }
}
