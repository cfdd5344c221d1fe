package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.Figures.Taken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was configured and asked for, and what each broadcast did about it.
 *
 * @param contacts the number of each recipient's contact
 * @param rules by the number of the contact
 * @param optOuts in any order
 * @param broadcasts all that were sent to these contacts
 */
record RuleFigures(
    Map<Recipient, Integer> contacts,
    Map<Integer, ContactRule> rules,
    List<OptOut> optOuts,
    List<OfBroadcast> broadcasts) {

  /**
   * An opt-out.
   *
   * @param channel null for every channel
   * @param asked when it was asked for; nanoseconds since the epoch, as all times here
   * @param holds when it was answered, or, made by a link, known; the greatest number when never
   */
  record OptOut(int contact, @Nullable String channel, long asked, long holds) {

    boolean covers(Recipient recipient) {
      return channel == null || channel.equals(recipient.channel());
    }
  }

  /**
   * One broadcast.
   *
   * @param taken what the providers took
   * @param stoppedLate whose message was sent by a process that had been stopped
   * @param skipped the reasons, also of those a worker skipped
   * @param handedOver whom the ledger knows
   * @param refused whom a provider refused for good
   */
  record OfBroadcast(
      Map<Recipient, Taken> taken,
      Set<Recipient> stoppedLate,
      Map<Recipient, String> skipped,
      Set<Recipient> handedOver,
      Set<Recipient> refused) {}
}
