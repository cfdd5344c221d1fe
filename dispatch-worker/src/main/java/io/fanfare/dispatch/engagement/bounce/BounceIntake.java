package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.bounce.BouncePolicy.Verdict;
import io.fanfare.dispatch.engagement.intake.SentMails;
import io.fanfare.dispatch.engagement.intake.SentMails.SentMail;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes reports of mail systems in: finds the message one is about by its token and publishes what
 * it means. When it returns the broker has it; the same report again becomes the same event.
 */
@Component
class BounceIntake {

  /** What a report became. */
  enum Became {
    HARD,
    SOFT,
    COMPLAINT,
    /** It is about one of our messages, and means nothing. */
    NOTHING
  }

  private final BounceTokens tokens;
  private final SentMails sent;
  private final EngagementPublisher publisher;
  private final Clock clock;

  BounceIntake(BounceTokens tokens, SentMails sent, EngagementPublisher publisher, Clock clock) {
    this.tokens = tokens;
    this.sent = sent;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Takes one in.
   *
   * @param tenants whose message it may be about
   * @param message as it came, with its headers
   * @param recipient whom it was delivered to, as far as somebody knows
   * @throws ReportUnreadable when it is no report, or about no message of these tenants
   * @throws EngagementPublisher.NotConfirmed when the broker does not have it
   * @throws org.springframework.dao.DataAccessException when the ledger could not be asked
   */
  Became take(Collection<UUID> tenants, byte[] message, @Nullable String recipient)
      throws ReportUnreadable {
    BounceReport report = ReportReader.read(message, recipient);
    BounceTokens.Said said = said(report);
    for (UUID tenant : tenants) {
      SentMail mail = sent.find(tenant, said.broadcastId(), said.contactId()).orElse(null);
      if (mail != null) {
        return take(report, tenant, said, mail);
      }
    }
    // Whether it is another tenant's or forgotten is nobody's business.
    throw new ReportUnreadable("unknown_message", "is about no message that is known here");
  }

  private Became take(BounceReport report, UUID tenant, BounceTokens.Said said, SentMail mail) {
    return switch (BouncePolicy.judge(report)) {
      case Verdict.Bounced bounced -> {
        String name = bounced.hard() ? "hard" : "soft";
        publish(
            event(tenant, said, mail, Kind.BOUNCED, name)
                .reported(bounced.status(), bounced.detail(), said.addressCheck()));
        yield bounced.hard() ? Became.HARD : Became.SOFT;
      }
      case Verdict.Complained complained -> {
        publish(
            event(tenant, said, mail, Kind.COMPLAINED, null)
                .reported(null, complained.detail(), said.addressCheck()));
        yield Became.COMPLAINT;
      }
      case Verdict.Nothing nothing -> Became.NOTHING;
    };
  }

  private BounceTokens.Said said(BounceReport report) throws ReportUnreadable {
    for (String token : report.tokens()) {
      BounceTokens.Said said = tokens.verify(token).orElse(null);
      if (said != null) {
        return said;
      }
    }
    throw new ReportUnreadable("no_token", "has no address of a message of ours");
  }

  /** A recipient's message bounces for good once, and is complained of once. */
  private EngagementEvent event(
      UUID tenant, BounceTokens.Said said, SentMail mail, Kind kind, @Nullable String name) {
    String id =
        String.join(
            " ",
            "mail report",
            said.broadcastId().toString(),
            Long.toString(said.contactId()),
            kind.id(),
            String.valueOf(name));
    return new EngagementEvent(
        UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)),
        kind,
        tenant,
        said.broadcastId(),
        said.contactId(),
        Channel.EMAIL,
        mail.variant(),
        null,
        null,
        name,
        null,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        mail.claimedAt().truncatedTo(ChronoUnit.SECONDS),
        null,
        null,
        mail.segment());
  }

  private void publish(EngagementEvent event) {
    try {
      publisher.publish(List.of(event)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngagementPublisher.NotConfirmed notConfirmed) {
        throw notConfirmed;
      }
      throw e;
    }
  }
}
