package io.fanfare.audience.suppression;

import io.fanfare.audience.contact.ContactAddresses;
import io.fanfare.contract.Channel;
import io.fanfare.support.problem.FieldProblem;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand on the suppression list, and in which form. */
final class SuppressionPolicy {

  static final int MOST_SOURCE = 100;
  static final int MOST_EVIDENCE = 500;

  private static final Pattern STATUS = Pattern.compile("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private SuppressionPolicy() {}

  /**
   * Checks an entry that somebody gives.
   *
   * @param pointer where it stands in the body; empty for the body itself
   * @param problems takes what is wrong; what is answered is worth something only when nothing was
   */
  static Entry read(NewSuppression given, String pointer, List<FieldProblem> problems) {
    Channel channel = channel(given.channel());
    if (channel == null) {
      problems.add(
          new FieldProblem(pointer + "/channel", "is not one of the channels email, telegram"));
    }
    String address =
        channel == null || given.address() == null ? null : normal(channel, given.address());
    if (channel != null && address == null) {
      problems.add(new FieldProblem(pointer + "/address", "is not an address of the channel"));
    }
    SuppressionReason reason =
        given.reason() == null
            ? SuppressionReason.MANUAL
            : SuppressionReason.of(given.reason()).orElse(null);
    if (reason == null) {
      problems.add(
          new FieldProblem(pointer + "/reason", "is not hard_bounce, complaint or manual"));
    }
    if (given.status() != null && !STATUS.matcher(given.status()).matches()) {
      problems.add(new FieldProblem(pointer + "/status", "is not a status code such as 5.1.1"));
    }
    text(given.source(), MOST_SOURCE, pointer + "/source", problems);
    text(given.evidence(), MOST_EVIDENCE, pointer + "/evidence", problems);
    return new Entry(
        new SuppressedAddress(
            channel == null ? Channel.EMAIL : channel, address == null ? "" : address),
        reason == null ? SuppressionReason.MANUAL : reason,
        given.source(),
        given.status(),
        given.evidence(),
        0);
  }

  static @Nullable Channel channel(@Nullable String name) {
    if (Channel.EMAIL.name().equals(name)) {
      return Channel.EMAIL;
    }
    return Channel.TELEGRAM.name().equals(name) ? Channel.TELEGRAM : null;
  }

  /** An address as it is compared; null when it is none. */
  static @Nullable String normal(Channel channel, String address) {
    if (channel.equals(Channel.EMAIL)) {
      return ContactAddresses.isEmail(address) ? address.toLowerCase(Locale.ROOT) : null;
    }
    try {
      long chat = Long.parseLong(address);
      return chat == 0 ? null : Long.toString(chat);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static void text(
      @Nullable String value, int most, String pointer, List<FieldProblem> problems) {
    if (value != null && (value.length() > most || CONTROL.matcher(value).find())) {
      problems.add(
          new FieldProblem(pointer, "has at most " + most + " characters and no control ones"));
    }
  }

  /**
   * An entry to be written.
   *
   * @param contactId whose message it comes of; 0 for none
   */
  record Entry(
      SuppressedAddress address,
      SuppressionReason reason,
      @Nullable String source,
      @Nullable String status,
      @Nullable String evidence,
      long contactId) {}
}
