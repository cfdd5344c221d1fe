package io.fanfare.dispatch.loop;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentNotReady;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about commands with what is known now, and gathers what a sendable one is sent with. */
final class CommandJudge {

  private static final Logger LOG = LoggerFactory.getLogger(CommandJudge.class);

  /** Topics are read in parallel: a command may overtake the content or account it needs. */
  private static final Duration ARRIVAL = Duration.ofSeconds(5);

  private final ControlReader known;
  private final Map<Channel, ChannelSender> senders;
  private final PauseSignals signals;
  private final Clock clock;
  private final Duration staleAfter;
  private final TestSwitches switches;

  /**
   * @param switches for tests alone: sends to those who opted out, or have quiet hours, so that it
   *     can be seen
   */
  CommandJudge(
      ControlReader known,
      Map<Channel, ChannelSender> senders,
      PauseSignals signals,
      Clock clock,
      Duration staleAfter,
      TestSwitches switches) {
    this.known = known;
    this.senders = senders;
    this.signals = signals;
    this.clock = clock;
    this.staleAfter = staleAfter;
    this.switches = switches;
  }

  /** By the broadcast's state, the command's age and its contact's suppressions alone. */
  CommandDecision glance(Command command) {
    SendMessage message = command.message();
    return decide(message, known.controls().find(message.broadcastId()), clock.instant());
  }

  private CommandDecision decide(
      SendMessage message, @Nullable BroadcastControl control, Instant now) {
    CommandDecision decision = CommandDecision.decide(message, control, now, staleAfter);
    if (switches.skipQuietHours() && decision == CommandDecision.QUIET) {
      decision = CommandDecision.SEND;
    }
    return decision instanceof CommandDecision.Send
        ? unlessSuppressed(message, control, now)
        : decision;
  }

  private CommandDecision unlessSuppressed(
      SendMessage message, @Nullable BroadcastControl control, Instant now) {
    if (switches.skipSuppression()) {
      return CommandDecision.SEND;
    }
    String category = control == null ? null : control.category();
    String suppression =
        known.suppressions().find(message.contactId(), message.channel(), category);
    return CommandDecision.unlessSuppressed(
        message, suppression, known.suppressions().coveredFrom(), now);
  }

  /** A command that was judged sendable before, by its contact's suppressions as they are now. */
  CommandDecision unlessSuppressed(Command command) {
    SendMessage message = command.message();
    return unlessSuppressed(message, known.controls().find(message.broadcastId()), clock.instant());
  }

  /** The contact's quiet hours have begun since it was judged sendable, or are about to. */
  boolean isQuiet(Command command) {
    return !switches.skipQuietHours()
        && CommandDecision.isQuiet(command.message(), clock.instant());
  }

  /** In full; a command that may be sent is {@link Command#ready} afterwards. */
  CommandDecision judge(Command command) {
    SendMessage message = command.message();
    BroadcastControl control = known.controls().find(message.broadcastId());
    Instant now = clock.instant();
    CommandDecision decision = decide(message, control, now);
    if (control == null || !(decision instanceof CommandDecision.Send)) {
      return decision;
    }
    UUID accountId = message.lane().accountId();
    AccountTable.Known account = known.accounts().find(accountId);
    long version = account == null ? 0 : account.account().version();
    if (signals.holds(control, accountId, version)) {
      return CommandDecision.WAIT;
    }
    boolean arriving = message.releasedAt().plus(ARRIVAL).isAfter(now);
    if (account == null) {
      return arriving
          ? CommandDecision.WAIT
          : pause(control, accountId, 0, "account_refused", "the channel account is not known");
    }
    OpenedAccount opened = account.opened();
    if (opened == null) {
      String problem = account.problem() == null ? "its secret is unusable" : account.problem();
      return pause(control, accountId, version, "account_refused", problem);
    }
    return prepare(command, control, opened, arriving);
  }

  private CommandDecision prepare(
      Command command, BroadcastControl control, OpenedAccount account, boolean arriving) {
    ChannelSender sender = sender(command.message().channel());
    UUID accountId = account.accountId();
    try {
      CompiledContent content =
          known.contents().compiled(command.message(), control, account, sender);
      if (content != null) {
        command.ready(new Ready(control, account, sender, content));
        return CommandDecision.SEND;
      }
      if (known.contents().isComing(command.message())) {
        return CommandDecision.WAIT;
      }
      return arriving
          ? CommandDecision.WAIT
          : pause(
              control, accountId, account.version(), "content_refused", "its content is missing");
    } catch (ContentNotReady e) {
      if (e.getCause() == null) {
        LOG.debug("the content of broadcast {} waits: {}", control.broadcastId(), e.getMessage());
      } else {
        LOG.warn("the content of broadcast {} waits: {}", control.broadcastId(), e.getMessage());
      }
      return CommandDecision.WAIT;
    } catch (ContentRefused e) {
      return pause(
          control, accountId, account.version(), "content_refused", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A bug of the channel that one broadcast brings up must not stop all the others.
      LOG.error("the content of broadcast {} broke its channel", control.broadcastId(), e);
      return pause(
          control,
          accountId,
          account.version(),
          "content_refused",
          "its content could not be prepared: " + e.getClass().getSimpleName());
    }
  }

  private CommandDecision pause(
      BroadcastControl control, UUID accountId, long version, String code, String detail) {
    signals.ask(control, accountId, version, new StateReason(code, detail));
    return CommandDecision.WAIT;
  }

  /** Who speaks for an account, once it is known. */
  Optional<ChannelSender> senderOf(UUID accountId) {
    AccountTable.Known account = known.accounts().find(accountId);
    return Optional.ofNullable(account).map(found -> senders.get(found.account().channel()));
  }

  private ChannelSender sender(Channel channel) {
    @Nullable ChannelSender sender = senders.get(channel);
    if (sender == null) {
      throw new IllegalStateException("no sender for the channel " + channel);
    }
    return sender;
  }
}
