package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.telegram.TelegramApi.Answer;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Ignored;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says what follows an answer to {@code getUpdates}. Telegram itself remembers up to which update a
 * bot has confirmed, so nothing is kept here beyond the pages in hand.
 */
final class PollPolicy {

  /** The most updates Telegram gives at once. */
  static final int MOST_UPDATES = 100;

  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 16;

  /** A wrong token is not tried again as soon as a host that does not answer. */
  private static final int REFUSED_DOUBLINGS = 4;

  /**
   * Where a poller is.
   *
   * @param offset the number from which to ask, which confirms all below; 0 for where Telegram is
   * @param limit the most updates to ask for
   * @param failures requests in vain since the last one that was not
   */
  record Progress(long offset, int limit, int failures) {

    static final Progress START = new Progress(0, MOST_UPDATES, 0);

    private Progress failed() {
      return new Progress(offset, limit, failures + 1);
    }
  }

  /** What to do. */
  sealed interface Step {

    /** Where the poller is once it is done. */
    Progress after();

    /** Take these in; only then go on. */
    record Take(List<TelegramUpdate> updates, Progress after) implements Step {}

    /** Ask for less. */
    record Narrow(Progress after) implements Step {}

    /**
     * Ask again later.
     *
     * @param cause for the metric and the log
     * @param webhook a webhook stands in the way
     */
    record Wait(
        Duration pause, String cause, @Nullable String detail, boolean webhook, Progress after)
        implements Step {}
  }

  private PollPolicy() {}

  static Step next(Progress now, Answer answer, Instant at, Duration most) {
    return switch (answer) {
      case Answer.Done(byte[] body) -> read(now, body, at, most);
      case Answer.TooLong(byte[] beginning) -> unreadable(now, beginning, most);
      case Answer.Refused refused -> refused(now, refused, most);
      case Answer.Failed(String why) -> wait(now, 0, most, "unreachable", why);
      case Answer.Unusable(String why) ->
          wait(now, REFUSED_DOUBLINGS, most, "account_invalid", why);
    };
  }

  private static Step read(Progress now, byte[] body, Instant at, Duration most) {
    UpdateParser.Page page;
    try {
      page = UpdateParser.page(body, at);
    } catch (UpdateParser.Unreadable e) {
      return unreadable(now, body, most);
    }
    if (page.updates().isEmpty() && page.numberless() == 0) {
      // All before the offset is confirmed now. After a week without updates their numbers begin
      // anew, and may be lower.
      return new Step.Take(List.of(), new Progress(0, MOST_UPDATES, 0));
    }
    if (page.next() <= now.offset()) {
      return wait(now, 0, most, "repeated", "the updates confirmed came again");
    }
    int limit = Math.min(MOST_UPDATES, now.limit() * 2);
    return new Step.Take(page.updates(), new Progress(page.next(), limit, 0));
  }

  /** One that cannot be read is found by asking for one alone, and passed over by its number. */
  private static Step unreadable(Progress now, byte[] body, Duration most) {
    if (now.limit() > 1) {
      return new Step.Narrow(new Progress(now.offset(), 1, now.failures()));
    }
    OptionalLong number = UpdateParser.firstNumber(body);
    if (number.isEmpty() || number.getAsLong() < now.offset()) {
      return wait(now, 0, most, "unreadable", "an answer could not be read");
    }
    long id = number.getAsLong();
    return new Step.Take(
        List.of(new Ignored(id, Why.MALFORMED)), new Progress(id + 1, 2, now.failures()));
  }

  private static Step refused(Progress now, Answer.Refused refused, Duration most) {
    String said = refused.code() + " " + refused.description();
    return switch (refused.code()) {
      case 401, 404 -> wait(now, REFUSED_DOUBLINGS, most, "token_refused", said);
      case 409 ->
          new Step.Wait(
              backOff(now.failures(), most),
              "conflict",
              said,
              refused.description().toLowerCase(Locale.ROOT).contains("webhook"),
              now.failed());
      case 429 -> {
        Duration asked = refused.retryAfter();
        yield new Step.Wait(
            asked == null ? backOff(now.failures(), most) : asked,
            "rate_limited",
            said,
            false,
            now.failed());
      }
      default -> wait(now, 0, most, "error", said);
    };
  }

  private static Step wait(
      Progress now, int doublings, Duration most, String cause, String detail) {
    return new Step.Wait(
        backOff(now.failures() + doublings, most), cause, detail, false, now.failed());
  }

  /** A second, doubled with each failure. */
  static Duration backOff(int failures, Duration most) {
    Duration pause = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return pause.compareTo(most) > 0 ? most : pause;
  }
}
