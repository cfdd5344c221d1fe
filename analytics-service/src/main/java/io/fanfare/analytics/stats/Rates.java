package io.fanfare.analytics.stats;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Shares of the recipients a message was sent to, as fractions, of humans alone. Null where nothing
 * was sent.
 *
 * @param open recipients who opened it at least once
 * @param click recipients who clicked a link at least once
 * @param clickToOpen those who clicked, of those who opened; null where nobody did. Whoever shows
 *     no images clicks without opening, so that it may be more than 1
 * @param reply recipients who replied
 * @param bounce recipients whose message came back, hard or soft
 * @param complaint recipients who complained
 * @param unsubscribe recipients who unsubscribed
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Rates(
    @Nullable Double open,
    @Nullable Double click,
    @Nullable Double clickToOpen,
    @Nullable Double reply,
    @Nullable Double bounce,
    @Nullable Double complaint,
    @Nullable Double unsubscribe) {

  static Rates of(Doings doings, long sent) {
    return new Rates(
        share(doings.humans("opened"), sent),
        share(doings.humans("clicked"), sent),
        share(doings.humans("clicked"), doings.humans("opened")),
        share(doings.humans("replied"), sent),
        share(doings.humans("bounced") + doings.machines("bounced"), sent),
        share(doings.humans("complained"), sent),
        share(doings.humans("unsubscribed"), sent));
  }

  private static @Nullable Double share(long part, long whole) {
    return whole <= 0 ? null : (double) part / whole;
  }
}
