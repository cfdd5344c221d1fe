package io.fanfare.dispatch.engagement.bounce;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report says, unjudged. Who it is about is told by a token alone, so nothing else of whom
 * is kept.
 *
 * @param deliveries what became of each recipient named; empty unless it is a delivery report
 * @param feedbackType what a complaint is about, such as {@code abuse}; null unless it is one
 * @param tokens what may be a token, in the order in which they are believed
 */
record BounceReport(List<Delivery> deliveries, @Nullable String feedbackType, List<String> tokens) {

  /**
   * What became of a recipient (RFC 3464 §2.3).
   *
   * @param action {@code failed}, {@code delayed}, {@code delivered}, {@code relayed}, {@code
   *     expanded}, in lower case
   * @param status the enhanced status code as it is written; empty when there is none
   * @param diagnostic what the mail system said; empty when it said nothing
   * @param recipient whom it names, so that it can be taken out of what is kept; empty for nobody
   */
  record Delivery(String action, String status, String diagnostic, String recipient) {}
}
