package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.engagement.bounce.ImapClient.Mail;
import java.io.IOException;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * One look into a mailbox: each mail is taken in and, once the broker has what it means, deleted or
 * moved; what is no report of ours is moved aside, so that nothing comes up twice and nothing
 * stands in the way. A mail that was taken in but not removed is taken in again, as the same event.
 */
final class MailboxVisit {

  /** Where mails go that are no reports of ours. */
  static final String ASIDE = "Fanfare unmatched";

  /** Mails listed at a time. */
  static final int WINDOW = 100;

  private static final String VIA = "mailbox";

  private final BounceMailbox mailbox;
  private final BounceIntake intake;
  private final BounceMetrics metrics;

  MailboxVisit(BounceMailbox mailbox, BounceIntake intake, BounceMetrics metrics) {
    this.mailbox = mailbox;
    this.intake = intake;
    this.metrics = metrics;
  }

  /**
   * Goes through the mailbox.
   *
   * @param goOn asked before each mail
   * @throws io.fanfare.dispatch.engagement.EngagementPublisher.NotConfirmed when the broker does
   *     not take events; what is left stays where it is
   */
  void run(ImapClient client, BooleanSupplier goOn) throws IOException {
    try {
      goThrough(client, goOn);
    } catch (RuntimeException e) {
      // What was taken in before the broker or the database failed is done with.
      leave(client, e);
      throw e;
    }
    client.leave();
  }

  private static void leave(ImapClient client, RuntimeException failure) {
    try {
      client.leave();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void goThrough(ImapClient client, BooleanSupplier goOn) throws IOException {
    long mails = client.select(mailbox.folder());
    for (long from = 1; from <= mails && goOn.getAsBoolean(); from += WINDOW) {
      for (Mail mail : client.list(from, Math.min(mails, from + WINDOW - 1))) {
        if (!goOn.getAsBoolean()) {
          return;
        }
        if (!mail.flags().contains("\\deleted") && !mail.flags().contains("\\flagged")) {
          take(client, mail);
        }
      }
    }
  }

  private void take(ImapClient client, Mail mail) throws IOException {
    try {
      if (mail.bytes() > ReportReader.MOST_BYTES) {
        throw new ReportUnreadable(ReportUnreadable.TOO_LARGE, "is too large");
      }
      BounceIntake.Became became = intake.take(mailbox.tenants(), client.read(mail.uid()), null);
      metrics.report(VIA, became.name().toLowerCase(Locale.ROOT));
    } catch (ReportUnreadable e) {
      metrics.report(VIA, e.code());
      remove(client, mail, ASIDE);
      return;
    }
    String processed = mailbox.processedFolder();
    if (processed == null) {
      client.mark(mail.uid(), "\\Deleted");
    } else {
      remove(client, mail, processed);
    }
  }

  /** One that cannot be moved is flagged, and passed over from then on. */
  private static void remove(ImapClient client, Mail mail, String folder) throws IOException {
    client.mark(mail.uid(), client.copy(mail.uid(), folder) ? "\\Deleted" : "\\Flagged");
  }
}
