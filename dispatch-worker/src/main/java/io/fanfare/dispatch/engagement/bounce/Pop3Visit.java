package io.fanfare.dispatch.engagement.bounce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * One look into a mailbox by POP3, which has neither folders nor flags: each mail is taken in and,
 * once the broker has what it means, deleted; what is no report of ours is passed over from then
 * on, or deleted where the account says so. A mail that was taken in but not deleted, since the
 * connection was lost, is taken in again, as the same event.
 */
final class Pop3Visit {

  /** Mails one visit takes in; the rest waits for the next one. */
  static final int MOST_MAILS = 10_000;

  /** Mails of a mailbox that are known to be nothing; more are read again each time. */
  static final int MOST_PASSED_OVER = 10_000;

  private static final String VIA = "mailbox";

  private record Mail(long number, long id) {}

  private final BounceMailbox mailbox;
  private final BounceIntake intake;
  private final BounceMetrics metrics;
  private final Set<Long> passedOver;

  /**
   * @param passedOver what earlier visits found to be nothing; kept up by this one
   */
  Pop3Visit(
      BounceMailbox mailbox, BounceIntake intake, BounceMetrics metrics, Set<Long> passedOver) {
    this.mailbox = mailbox;
    this.intake = intake;
    this.metrics = metrics;
    this.passedOver = passedOver;
  }

  /**
   * Goes through the mailbox.
   *
   * @param goOn asked before each mail
   * @throws io.fanfare.dispatch.engagement.EngagementPublisher.NotConfirmed when the broker does
   *     not take events; what is left stays where it is
   */
  void run(Pop3Client client, BooleanSupplier goOn) throws IOException {
    try {
      for (Mail mail : unknown(client)) {
        if (!goOn.getAsBoolean()) {
          break;
        }
        take(client, mail);
      }
    } catch (RuntimeException e) {
      // What was taken in before the broker or the database failed is done with.
      leave(client, e);
      throw e;
    }
    client.leave();
  }

  private static void leave(Pop3Client client, RuntimeException failure) {
    try {
      client.leave();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Those that no visit has found to be nothing. */
  private List<Mail> unknown(Pop3Client client) throws IOException {
    List<Mail> unknown = new ArrayList<>();
    Set<Long> stillThere = new HashSet<>();
    client.list((number, id) -> {
      long hash = hash(id);
      if (passedOver.contains(hash)) {
        stillThere.add(hash);
      } else if (unknown.size() < MOST_MAILS) {
        unknown.add(new Mail(number, hash));
      }
    });
    passedOver.retainAll(stillThere);
    return unknown;
  }

  private void take(Pop3Client client, Mail mail) throws IOException {
    try {
      if (client.bytes(mail.number()) > ReportReader.MOST_BYTES) {
        throw new ReportUnreadable(ReportUnreadable.TOO_LARGE, "is too large");
      }
      BounceIntake.Became became = intake.take(mailbox.tenants(), client.read(mail.number()), null);
      metrics.report(VIA, became.name().toLowerCase(Locale.ROOT));
    } catch (ReportUnreadable e) {
      metrics.report(VIA, e.code());
      if (!mailbox.deletesUnmatched()) {
        passOver(mail);
        return;
      }
    }
    client.delete(mail.number());
  }

  private void passOver(Mail mail) {
    if (passedOver.size() < MOST_PASSED_OVER) {
      passedOver.add(mail.id());
    }
  }

  /** Sixty-four bits stand for up to seventy characters. */
  private static long hash(String id) {
    return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.ISO_8859_1))
        .getLeastSignificantBits();
  }
}
