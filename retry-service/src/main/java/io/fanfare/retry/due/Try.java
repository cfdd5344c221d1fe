package io.fanfare.retry.due;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order to send to a recipient, and how it ended.
 *
 * @param attempt the counted try it was, from 1
 * @param issue the number of the order, from 1
 * @param at when it ended
 * @param outcome how it ended
 * @param code why, for machines; absent when it was sent
 * @param detail why, in the provider's own words
 * @param providerCode the provider's own code
 */
public record Try(
    int attempt,
    int issue,
    Instant at,
    Outcome outcome,
    @Nullable String code,
    @Nullable String detail,
    @Nullable String providerCode) {

  /** The tries kept per recipient; the oldest are forgotten first. */
  public static final int MAX_HISTORY = 20;

  /** The try an event tells of. */
  public static Try of(DeliveryEvent event) {
    Cause cause = event.cause();
    return new Try(
        event.attempt(),
        event.issue(),
        event.at(),
        event.outcome(),
        cause == null ? null : storable(cause.code()),
        cause == null ? null : storable(cause.detail()),
        cause == null ? null : storable(cause.providerCode()));
  }

  // What a provider says may hold a NUL, which no text column takes; the try must not be lost for
  // it.
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace('\u0000', '\ufffd');
  }

  /** The history with one more try. */
  public static List<Try> after(List<Try> history, DeliveryEvent event) {
    List<Try> longer = new ArrayList<>(history);
    longer.add(of(event));
    int surplus = Math.max(0, longer.size() - MAX_HISTORY);
    return List.copyOf(longer.subList(surplus, longer.size()));
  }
}
