package io.fanfare.broadcast.message;

import io.fanfare.broadcast.broadcast.ChannelAccountReader;
import io.fanfare.broadcast.broadcast.RetryDelays;
import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.media.MediaChecks;
import io.fanfare.broadcast.media.MediaSource;
import io.fanfare.broadcast.template.TemplateChecker;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.support.Ids;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The broadcasts that carry single messages: one for all messages of a template version from an
 * account on a day (UTC), so that a message costs no control record and no content of its own. A
 * contact is in a broadcast once; its next message of that day goes into the next lap.
 */
@Component
@EnableConfigurationProperties(MessageProperties.class)
class MessageRuns {

  /** The one content every recipient gets. */
  static final String VARIANT = "a";

  private static final Logger log = LoggerFactory.getLogger(MessageRuns.class);

  /** A message that was accepted at the end of a day is committed by then. */
  private static final Duration MIDNIGHT_MARGIN = Duration.ofMinutes(10);

  private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

  /** Days after which messages that still could not be sent are cancelled. */
  private static final int GIVE_UP_DAYS = 3;

  private static final int PAGE = 100;
  private static final int DELETED_AT_ONCE = 10_000;
  private static final int TRIES = 5;

  private final MessageRunRepository runs;
  private final MessageRepository messages;
  private final ChannelAccountReader accounts;
  private final TemplateChecker checker;
  private final RetryDelays retryDelays;
  private final Outbox outbox;
  private final MediaChecks media;
  private final MessageProperties properties;

  MessageRuns(
      MessageRunRepository runs,
      MessageRepository messages,
      ChannelAccountReader accounts,
      TemplateChecker checker,
      RetryDelays retryDelays,
      Outbox outbox,
      MediaChecks media,
      MessageProperties properties) {
    this.media = media;
    this.runs = runs;
    this.messages = messages;
    this.accounts = accounts;
    this.checker = checker;
    this.retryDelays = retryDelays;
    this.outbox = outbox;
    this.properties = properties;
  }

  /** What a new broadcast of a stream is made of. */
  record Made(
      String name,
      ChannelAccountReader.Account account,
      MessageContent content,
      List<MediaSource> sources,
      @Nullable FrozenMedia files) {

    /**
     * The content with its files.
     *
     * @throws MediaNeeded when they were not looked at
     */
    MessageContent complete() {
      FrozenMedia known = files == null ? FrozenMedia.NONE : files;
      return known.complete(content, sources).orElseThrow(MediaNeeded::new);
    }
  }

  /**
   * The broadcast that takes a message to the contact, made if need be.
   *
   * @throws ProblemException 429 when the contact got too many
   * @throws MediaNeeded when it has to be made, and the files of its content were not looked at
   */
  @Transactional(propagation = Propagation.MANDATORY)
  MessageRun take(Stream stream, long contactId, Made made, Instant now) {
    runs.lockContact(stream, contactId);
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    for (int i = 0; i < TRIES; i++) {
      Optional<MessageRun> open = runs.holdOpen(stream, day, contactId);
      if (open.isPresent()) {
        return open.get();
      }
      int lap = runs.lastLap(stream, day) + 1;
      if (lap > properties.perContact()) {
        throw ProblemException.tooManyRequests(
            "too_many_messages",
            "a contact gets at most %d messages a day of one template version from one account"
                .formatted(properties.perContact()),
            untilTomorrow(now));
      }
      MessageContent complete = made.complete();
      MessageRun run = begin(stream, made, day, now);
      if (runs.insert(run, stream, lap, now)) {
        BroadcastContent content =
            new BroadcastContent(run.id(), VARIANT, made.account().channel(), complete);
        media.use(run.id(), List.of(complete));
        outbox.publish(Topics.BROADCAST_CONTENT, content.key(), content);
        publish(run);
        return run;
      }
    }
    throw ProblemException.unavailable("busy", "too many messages at once; try again");
  }

  private MessageRun begin(Stream stream, Made made, LocalDate day, Instant now) {
    BroadcastControl control =
        new BroadcastControl(
            Ids.next(),
            stream.tenantId(),
            made.name(),
            1,
            BroadcastState.RUNNING,
            null,
            List.of(
                new ChannelPlan(
                    made.account().channel(),
                    made.account().id(),
                    made.account().shards(),
                    checker.variablesOf(made.content()))),
            stream.policy(),
            SendClass.PRIORITY,
            day,
            retryDelays.delays(),
            Map.of(),
            now,
            null,
            null,
            null,
            null,
            null,
            stream.category(),
            null);
    return new MessageRun(control, stream.templateVersion(), 1, null, null);
  }

  private static Duration untilTomorrow(Instant now) {
    LocalDate tomorrow = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1);
    return Duration.between(now, tomorrow.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** Does what a signal asks for; signals about other broadcasts are passed over. */
  @Transactional(propagation = Propagation.MANDATORY)
  void apply(BroadcastSignal signal, Instant now) {
    Optional<MessageRun> found = runs.lock(signal.tenantId(), signal.broadcastId());
    if (found.isEmpty()) {
      return;
    }
    MessageRun run = found.get();
    switch (MessageRunDecision.decide(run, signal, () -> messages.count(run.id()))) {
      case MessageRunDecision.Ignore ignored ->
          log.debug("{} for messages of {} ignored: {}", signal.signal(), run.id(), ignored.why());
      case MessageRunDecision.Complete complete ->
          move(run.moved(BroadcastState.COMPLETED, null), now);
      case MessageRunDecision.Pause pause -> {
        log.warn("messages of {} wait: {}", run.id(), pause.reason());
        move(run.moved(BroadcastState.PAUSED, pause.reason()), now);
      }
    }
  }

  /** Tries again what was paused; what has lost its account ends. */
  @Transactional
  void resume(Instant now) {
    for (MessageRun run : runs.lockPaused(now.minus(properties.resumeAfter()), PAGE)) {
      ChannelPlan plan = run.control().channels().getFirst();
      boolean hasAccount = accounts.hold(run.control().tenantId(), plan.accountId()).isPresent();
      move(
          hasAccount
              ? run.moved(BroadcastState.RUNNING, null)
              : run.moved(
                  BroadcastState.FAILED,
                  new StateReason("account_deleted", "the channel account was deleted")),
          now);
    }
  }

  /** Asks for the completion of those whose day is over; gives up those that never complete. */
  @Transactional
  void close(Instant now) {
    LocalDate today = LocalDate.ofInstant(now.minus(MIDNIGHT_MARGIN), ZoneOffset.UTC);
    for (MessageRun run : runs.lockUnfinished(today.minusDays(GIVE_UP_DAYS - 1), PAGE)) {
      move(
          run.moved(
              BroadcastState.FAILED,
              new StateReason("expired", "it could not be sent for " + GIVE_UP_DAYS + " days")),
          now);
    }
    for (MessageRun run : runs.lockOver(today, now.minus(ASK_AGAIN), PAGE)) {
      move(run.asked(now), now);
    }
  }

  /** Forgets some of the oldest: at most {@value #DELETED_AT_ONCE} messages. */
  @Transactional
  void forget(Instant now) {
    LocalDate before = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(properties.keepDays());
    int left = DELETED_AT_ONCE;
    for (MessageRun run : runs.lockOld(before, PAGE)) {
      left -= messages.delete(run.id(), left);
      if (left <= 0) {
        return;
      }
      runs.delete(run.id());
      media.endUses(run.id());
      ChannelPlan plan = run.control().channels().getFirst();
      outbox.tombstone(
          Topics.BROADCAST_CONTENT, BroadcastContent.key(run.id(), VARIANT, plan.channel()));
      outbox.tombstone(Topics.BROADCAST_CONTROL, run.id().toString());
    }
  }

  private void move(MessageRun run, Instant now) {
    runs.update(run, now);
    publish(run);
  }

  private void publish(MessageRun run) {
    UUID id = run.id();
    outbox.publish(Topics.BROADCAST_CONTROL, id.toString(), run.control());
  }
}
