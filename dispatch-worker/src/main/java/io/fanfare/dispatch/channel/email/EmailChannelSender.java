package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.AccountTest;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.OutcomeSink;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.RecipientLimit;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.StopCheck;
import io.fanfare.dispatch.channel.media.MediaFiles;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.ContentTracker;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import io.fanfare.template.TemplateEngine;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Speaks e-mail: content to MIME messages, messages to the account's SMTP server over kept
 * connections.
 */
final class EmailChannelSender implements ChannelSender {

  private final SmtpSettings settings;
  private final Clock clock;
  private final ContentTracker tracker;
  private final MediaFiles files;
  private final @Nullable BounceTokens bounceTokens;
  private final TemplateEngine templates = new TemplateEngine();
  private final DomainLimitTable domainLimits = new DomainLimitTable();
  private final SmtpPool pool;
  private final ConnectionWatchdog watchdog;
  private final SmtpConnector connector;

  /** One that sends links as they are. */
  EmailChannelSender(
      SmtpSettings settings, AllowedTargets targets, SSLSocketFactory tls, Clock clock) {
    this(
        settings, targets, tls, clock, (content, facts) -> TrackedContent.untracked(content), null);
  }

  EmailChannelSender(
      SmtpSettings settings,
      AllowedTargets targets,
      SSLSocketFactory tls,
      Clock clock,
      ContentTracker tracker,
      @Nullable BounceTokens bounceTokens) {
    this(settings, targets, tls, clock, tracker, bounceTokens, MediaFiles.none());
  }

  EmailChannelSender(
      SmtpSettings settings,
      AllowedTargets targets,
      SSLSocketFactory tls,
      Clock clock,
      ContentTracker tracker,
      @Nullable BounceTokens bounceTokens,
      MediaFiles files) {
    this.files = files;
    this.tracker = tracker;
    this.bounceTokens = bounceTokens;
    this.settings = settings;
    this.clock = clock;
    this.pool = new SmtpPool(settings);
    this.watchdog = new ConnectionWatchdog(() -> pool.closeIdle(System.nanoTime()));
    this.connector = new SmtpConnector(settings, targets, tls, watchdog);
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public int batchSize() {
    return settings.batchSize();
  }

  @Override
  public int concurrentBatches() {
    return settings.connections();
  }

  @Override
  public List<RecipientLimit> recipientLimits(OpenedAccount account, String address) {
    return domainLimits.of(account, address);
  }

  @Override
  public CompiledContent compile(
      MessageContent content, OpenedAccount account, BroadcastFacts facts) {
    if (!(content instanceof MessageContent.Email email)) {
      throw new ContentRefused("the content is no e-mail");
    }
    List<byte[]> bytes = files.bytesOf(facts.tenantId(), email.media());
    try {
      return EmailContent.compile(
          tracker.track(email, facts),
          SmtpAccount.of(account),
          DkimSigner.of(account),
          facts,
          bounceTokens,
          templates,
          bytes);
    } catch (SmtpAccount.Invalid invalid) {
      throw new ContentRefused(String.valueOf(invalid.getMessage()), invalid);
    }
  }

  @Override
  public AccountTest test(OpenedAccount account) {
    try {
      SmtpAccount smtp = SmtpAccount.of(account);
      DkimSigner dkim = DkimSigner.of(account);
      connector.open(smtp, account.version()).quit();
      String login = smtp.username() == null ? "no login asked for" : "login accepted";
      return new AccountTest(
          true,
          "ok",
          smtp.host()
              + ":"
              + smtp.port()
              + " is ready for messages, "
              + login
              + (dkim == null ? "" : ", messages are signed as " + dkim.domain()));
    } catch (SmtpAccount.Invalid invalid) {
      return new AccountTest(false, "account_invalid", String.valueOf(invalid.getMessage()));
    } catch (SmtpOpenFailed failed) {
      return switch (failed.outcome()) {
        case SendOutcome.AccountRefused(Cause cause) -> failed(cause);
        case SendOutcome.NotSent(Cause cause) -> failed(cause);
        case SendOutcome.Deferred deferred -> failed(deferred.cause());
        case SendOutcome.Rejected(Cause cause) -> failed(cause);
        case SendOutcome.Unknown(Cause cause) -> failed(cause);
        case SendOutcome.Sent sent -> throw new IllegalStateException("sent by a test");
        case SendOutcome.Stopped stopped -> throw new IllegalStateException("stopped in a test");
      };
    }
  }

  private static AccountTest failed(Cause cause) {
    return new AccountTest(false, cause.code(), cause.detail());
  }

  @Override
  public void send(
      OpenedAccount account, List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink) {
    Outbound outbound = new Outbound(batch, stop, sink, clock);
    try {
      SmtpAccount smtp = SmtpAccount.of(account);
      new SmtpBatch(
              smtp, account.accountId(), account.version(), settings, pool, connector, outbound)
          .send();
    } catch (SmtpAccount.Invalid invalid) {
      Cause cause = new Cause("account_invalid", String.valueOf(invalid.getMessage()), null);
      outbound.settleRest(new SendOutcome.AccountRefused(cause));
    } finally {
      // Nothing is left after an ordinary end; after a fault all but one message is surely unsent.
      outbound.settleRest(
          new SendOutcome.NotSent(new Cause("sender_failed", "the sender failed", null)));
    }
  }

  @Override
  public void close() {
    pool.close();
    watchdog.close();
  }
}
