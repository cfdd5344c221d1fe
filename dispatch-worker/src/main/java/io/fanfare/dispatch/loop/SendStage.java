package io.fanfare.dispatch.loop;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends claimed commands: in batches by account, each on a virtual thread of its own. Every command
 * gets exactly one outcome; one the channel says nothing about is in doubt.
 */
final class SendStage {

  private static final Logger LOG = LoggerFactory.getLogger(SendStage.class);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
  private static final Cause NO_OUTCOME =
      new Cause("no_outcome", "the channel ended without telling how the send ended", null);

  /** Takes the outcome of a claimed command. */
  interface Answers {
    void accept(Command command, OutcomeDecision decision, boolean written);
  }

  /** The last questions before the write. */
  interface LastCheck {
    boolean maySend(Command command);

    /** The broadcast has ended sending: a stopped command ends as cancelled. */
    boolean cancelled(Command command);

    /** How a stopped command ends because its contact must not be sent to; null when it may be. */
    CommandDecision.@Nullable End suppressed(Command command);
  }

  private final AccountGates gates;
  private final PauseSignals signals;
  private final Window window;
  private final Clock clock;
  private final LastCheck lastCheck;
  private final Answers answers;
  private final int forgetEvery;
  private final AtomicLong answered = new AtomicLong();

  /**
   * @param forgetEvery for tests alone: every so many-th answer is taken for none; 0 for none
   */
  SendStage(
      AccountGates gates,
      PauseSignals signals,
      Window window,
      Clock clock,
      LastCheck lastCheck,
      Answers answers,
      int forgetEvery) {
    this.gates = gates;
    this.signals = signals;
    this.window = window;
    this.clock = clock;
    this.lastCheck = lastCheck;
    this.answers = answers;
    this.forgetEvery = forgetEvery;
  }

  /** Sends; returns at once. All commands are claimed and ready. */
  void send(List<Command> commands) {
    // Single messages first, and on calls of their own: they wait for no broadcast's batch.
    for (boolean urgent : new boolean[] {true, false}) {
      sendByAccount(commands.stream().filter(command -> command.urgent() == urgent).toList());
    }
  }

  private void sendByAccount(List<Command> commands) {
    Map<OpenedAccount, List<Command>> byAccount = new IdentityHashMap<>();
    for (Command command : commands) {
      byAccount
          .computeIfAbsent(command.ready().account(), account -> new ArrayList<>())
          .add(command);
    }
    byAccount.forEach(this::send);
  }

  /** Spread over the account's connections rather than queued on few: waiting costs more. */
  private void send(OpenedAccount account, List<Command> commands) {
    ChannelSender sender = commands.getFirst().ready().sender();
    boolean keepReserve =
        !commands.getFirst().urgent() && window.expectsMessages(account.accountId());
    int free = Math.max(1, gates.freeBatches(account.accountId(), sender, keepReserve));
    int size = Math.clamp((commands.size() + free - 1L) / free, 1, sender.batchSize());
    for (int from = 0; from < commands.size(); from += size) {
      List<Command> batch = commands.subList(from, Math.min(from + size, commands.size()));
      gates.batchBegins(account.accountId(), batch.size());
      Thread.ofVirtual().name("fanfare-send").start(() -> run(sender, account, batch));
    }
  }

  private void run(ChannelSender sender, OpenedAccount account, List<Command> batch) {
    Map<PreparedMessage, Command> unanswered =
        Collections.synchronizedMap(new IdentityHashMap<>(batch.size() * 2));
    Map<PreparedMessage, Command> all = new IdentityHashMap<>(batch.size() * 2);
    List<PreparedMessage> messages = prepare(batch, all);
    unanswered.putAll(all);
    try {
      sender.send(
          account,
          messages,
          message -> {
            Command command = all.get(message);
            return command != null && lastCheck.maySend(command);
          },
          (message, outcome) -> {
            Command command = unanswered.remove(message);
            if (command != null) {
              answer(command, isForgotten() ? new SendOutcome.Unknown(NO_OUTCOME) : outcome);
            }
          });
    } catch (RuntimeException e) {
      // A bug of the channel: loud, and what it says nothing about is in doubt.
      LOG.error("the sender of {} failed with {} messages open", account, unanswered.size(), e);
    } finally {
      gates.batchEnds(account.accountId(), batch.size());
      for (PreparedMessage message : messages) {
        Command command = unanswered.remove(message);
        if (command != null) {
          answer(command, new SendOutcome.Unknown(NO_OUTCOME));
        }
      }
    }
  }

  private boolean isForgotten() {
    return forgetEvery > 0 && answered.incrementAndGet() % forgetEvery == 0;
  }

  private List<PreparedMessage> prepare(
      List<Command> batch, Map<PreparedMessage, Command> byMessage) {
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    String date = now.toLocalDate().toString();
    String time = TIME.format(now);
    Map<UUID, Map<String, Object>> broadcasts = new HashMap<>();
    List<PreparedMessage> messages = new ArrayList<>(batch.size());
    for (Command command : batch) {
      Ready ready = command.ready();
      SendMessage message = command.message();
      Map<String, Object> data = new LinkedHashMap<>(message.data());
      data.put(
          "broadcast",
          broadcasts.computeIfAbsent(
              message.broadcastId(),
              id -> Map.of("id", id.toString(), "name", ready.control().name())));
      // A single message brings its own.
      data.putIfAbsent("vars", ready.control().variables());
      data.put("current_date", date);
      data.put("current_time", time);
      PreparedMessage prepared = new PreparedMessage(message, ready.content(), data);
      byMessage.put(prepared, command);
      messages.add(prepared);
    }
    return messages;
  }

  private void answer(Command command, SendOutcome outcome) {
    Ready ready = command.ready();
    BroadcastControl control = ready.control();
    OutcomeDecision decision = decide(command, control, outcome);
    if (outcome instanceof SendOutcome.AccountRefused refused) {
      Cause cause = refused.cause();
      signals.ask(
          control,
          ready.account().accountId(),
          ready.account().version(),
          new StateReason("account_refused", cause.code() + ": " + cause.detail()));
    }
    if (outcome instanceof SendOutcome.Deferred deferred && deferred.rateLimited()) {
      var after = deferred.retryAfter();
      window.tooFast(command, after == null ? OutcomeDecision.DEFAULT_RETRY_AFTER : after);
    }
    answers.accept(command, decision, !(outcome instanceof SendOutcome.Stopped));
  }

  private OutcomeDecision decide(Command command, BroadcastControl control, SendOutcome outcome) {
    boolean stopped = outcome instanceof SendOutcome.Stopped;
    boolean cancelled = stopped && lastCheck.cancelled(command);
    CommandDecision.End suppressed = stopped && !cancelled ? lastCheck.suppressed(command) : null;
    if (suppressed != null) {
      return OutcomeDecision.unwritten(suppressed);
    }
    return OutcomeDecision.decide(
            outcome,
            command.message().bucket(),
            command.message().attempt(),
            control.maxAttempts(),
            cancelled,
            clock.instant())
        .withoutAddress(command.message().address());
  }
}
