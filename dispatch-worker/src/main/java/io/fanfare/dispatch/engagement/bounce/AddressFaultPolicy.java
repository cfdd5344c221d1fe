package io.fanfare.dispatch.engagement.bounce;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a refusal for good is the address's fault: the one rule for what mail servers say
 * while a message is sent and for what comes back by mail later. What is about the message, its
 * sender, a full mailbox, or the opinion of a provider may not be held against the address.
 */
public final class AddressFaultPolicy {

  /** Replies about the address (docs/outcomes.md), where no status code says more. */
  private static final Pattern REPLY = Pattern.compile("(?<![0-9.])55[0136](?![0-9.])");

  /** What servers say that refuse whoever sends, where no status code says so. */
  private static final Pattern SENDER =
      Pattern.compile(
          "\\b(?:sender|spam|spamhaus|virus|policy|policies|reputation|rbl|dnsbl|spf|dkim|dmarc)\\b"
              + "|\\b(?:black|block|deny).?list|\\bblocked|\\bbanned|authenti|\\brelay",
          Pattern.CASE_INSENSITIVE);

  /**
   * Subject and detail of RFC 3463 that say nothing about the address; {@code *} for any detail.
   */
  private static final Set<String> NOT_THE_ADDRESS =
      Set.of(
          "1.7", // the sender's address
          "1.8", // the sender's domain
          "1.9", // relayed to a mailer that tells no more (RFC 3886)
          "2.2", // mailbox full
          "2.3", // message too long for the mailbox
          "2.4", // a list that does not expand
          "3.*", // the other mail system
          "4.5", // congestion
          "4.6", // a loop
          "4.7", // too old
          "5.*", // the protocol
          "6.*", // the content
          "7.*"); // policy

  private AddressFaultPolicy() {}

  /**
   * Of a reply to the recipient.
   *
   * @param code the enhanced status code, or the reply code where there is none
   * @param words what the server said
   */
  public static boolean ofReply(String code, String words) {
    return code.indexOf('.') < 0
        ? REPLY.matcher(code).matches() && !SENDER.matcher(words).find()
        : ofReport(code, words);
  }

  /**
   * Of a report.
   *
   * @param status the enhanced status code; null where there is none
   * @param words what the server said, with its reply code as far as the report tells it
   */
  static boolean ofReport(@Nullable String status, String words) {
    if (status == null) {
      return REPLY.matcher(words).find() && !SENDER.matcher(words).find();
    }
    String[] parts = status.split("\\.");
    return parts[0].equals("5")
        && !NOT_THE_ADDRESS.contains(parts[1] + "." + parts[2])
        && !NOT_THE_ADDRESS.contains(parts[1] + ".*")
        && !(parts[2].equals("0") && SENDER.matcher(words).find());
  }
}
