package io.fanfare.dispatch.channel;

import io.fanfare.contract.delivery.Cause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the attempt to send one message ended, as far as the channel can know. */
public sealed interface SendOutcome {

  /**
   * The provider took it.
   *
   * @param providerMessageId the provider's own id, if it gave one
   */
  record Sent(@Nullable String providerMessageId) implements SendOutcome {}

  /**
   * The provider did not take it now and may later.
   *
   * @param retryAfter how long the provider wants to be left alone, if it said so
   * @param rateLimited it was refused for going too fast: costs no attempt, and the whole lane
   *     waits {@code retryAfter} (one second when it is null)
   */
  record Deferred(Cause cause, @Nullable Duration retryAfter, boolean rateLimited)
      implements SendOutcome {}

  /** The provider refused this message or recipient for good. */
  record Rejected(Cause cause) implements SendOutcome {}

  /** It may or may not have been taken: written, and no answer came. */
  record Unknown(Cause cause) implements SendOutcome {}

  /** Nothing of the message reached the provider; trying again is safe. */
  record NotSent(Cause cause) implements SendOutcome {}

  /**
   * The provider refused the account itself, such as a wrong password; this message was not sent
   * and no other would be.
   */
  record AccountRefused(Cause cause) implements SendOutcome {}

  /** The {@link StopCheck} said no; nothing of the message was written. */
  record Stopped() implements SendOutcome {}
}
