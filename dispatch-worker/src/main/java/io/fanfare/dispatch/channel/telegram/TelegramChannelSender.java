package io.fanfare.dispatch.channel.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.Media;
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
import io.fanfare.template.TemplateEngine;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.objects.InputFile;
import org.telegram.telegrambots.meta.api.objects.User;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/** Speaks Telegram: one request to the Bot API per message, over kept connections. */
final class TelegramChannelSender implements ChannelSender {

  // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
  private static final RecipientLimit CHAT = new RecipientLimit(1, Duration.ofSeconds(1));
  private static final RecipientLimit GROUP = new RecipientLimit(20, Duration.ofMinutes(1));

  private final TelegramSettings settings;
  private final TelegramClients clients;
  private final Clock clock;
  private final ContentTracker tracker;
  private final MediaFiles files;
  private final TelegramFileIds fileIds = new TelegramFileIds();
  private final TemplateEngine templates = new TemplateEngine();

  /** One that sends links as they are. */
  TelegramChannelSender(TelegramSettings settings, AllowedTargets targets) {
    this(
        settings,
        targets,
        Clock.systemUTC(),
        (content, facts) -> TrackedContent.untracked(content));
  }

  TelegramChannelSender(
      TelegramSettings settings, AllowedTargets targets, Clock clock, ContentTracker tracker) {
    this(settings, targets, clock, tracker, MediaFiles.none());
  }

  TelegramChannelSender(
      TelegramSettings settings,
      AllowedTargets targets,
      Clock clock,
      ContentTracker tracker,
      MediaFiles files) {
    this.files = files;
    this.settings = settings;
    this.clock = clock;
    this.tracker = tracker;
    this.clients = new TelegramClients(settings, targets);
  }

  @Override
  public Channel channel() {
    return Channel.TELEGRAM;
  }

  /** One: requests run side by side, and none should wait behind another's answer. */
  @Override
  public int batchSize() {
    return 1;
  }

  @Override
  public int concurrentBatches() {
    return settings.requests();
  }

  /** A message a second and chat; in a group, whose id is negative, twenty a minute too. */
  @Override
  public List<RecipientLimit> recipientLimits(String address) {
    return address.startsWith("-") ? List.of(CHAT, GROUP) : List.of(CHAT);
  }

  @Override
  public int keptApart(OpenedAccount account) {
    return AnswerRoom.kept(account, settings.answers());
  }

  @Override
  public CompiledContent compile(
      MessageContent content, OpenedAccount account, BroadcastFacts facts) {
    if (!(content instanceof MessageContent.Telegram telegram)) {
      throw new ContentRefused("the content is no Telegram message");
    }
    List<byte[]> bytes = files.bytesOf(facts.tenantId(), telegram.files());
    return TelegramContent.compile(tracker.track(telegram, facts), templates, bytes);
  }

  @Override
  public AccountTest test(OpenedAccount account) {
    try {
      TelegramRequest request = new TelegramRequest(clients, TelegramBot.of(account));
      return switch (request.execute(new GetMe(), () -> true)) {
        case TelegramRequest.Taken<User>(User bot) ->
            new AccountTest(true, "ok", "the bot @" + bot.getUserName() + " is ready");
        case TelegramRequest.NotTaken<User>(SendOutcome outcome) -> failed(outcome);
      };
    } catch (TelegramBot.Invalid invalid) {
      return new AccountTest(false, "account_invalid", String.valueOf(invalid.getMessage()));
    }
  }

  private static AccountTest failed(SendOutcome outcome) {
    Cause cause =
        switch (outcome) {
          case SendOutcome.AccountRefused refused -> refused.cause();
          case SendOutcome.Deferred deferred -> deferred.cause();
          case SendOutcome.Rejected rejected -> rejected.cause();
          case SendOutcome.NotSent notSent -> notSent.cause();
          case SendOutcome.Unknown unknown -> unknown.cause();
          case SendOutcome.Sent sent -> throw new IllegalStateException("sent by a test");
          case SendOutcome.Stopped stopped -> throw new IllegalStateException("stopped in a test");
        };
    return new AccountTest(false, cause.code(), cause.detail());
  }

  @Override
  public void send(
      OpenedAccount account, List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink) {
    for (PreparedMessage message : batch) {
      sink.accept(message, outcome(account, message, stop));
    }
  }

  private SendOutcome outcome(OpenedAccount account, PreparedMessage message, StopCheck stop) {
    if (!(message.content() instanceof TelegramContent content)) {
      throw new IllegalArgumentException("not a Telegram content: " + message.content().getClass());
    }
    try {
      TelegramBot bot = TelegramBot.of(account);
      TelegramRequest request = new TelegramRequest(clients, bot);
      TelegramContent.File file = content.file();
      if (file != null) {
        String who = TelegramApi.botOf(account).orElse(account.accountId().toString());
        return new MediaMessage(request, bot, content, file, who, message, stop).outcome();
      }
      return switch (request.execute(
          content.request(message, bot.paidBroadcast(), clock.instant()),
          () -> stop.maySend(message))) {
        case TelegramRequest.Taken<Message>(Message taken) ->
            new SendOutcome.Sent(String.valueOf(taken.getMessageId()));
        case TelegramRequest.NotTaken<Message>(SendOutcome outcome) -> outcome;
      };
    } catch (TelegramBot.Invalid invalid) {
      return new SendOutcome.AccountRefused(
          new Cause("account_invalid", String.valueOf(invalid.getMessage()), null));
    } catch (TelegramContent.Unsendable unsendable) {
      return new SendOutcome.Rejected(unsendable.why());
    }
  }

  /** One message with a file: uploaded when the bot has it not yet, else named by its id. */
  private final class MediaMessage {

    private final TelegramRequest request;
    private final TelegramBot bot;
    private final TelegramContent content;
    private final TelegramContent.File file;
    private final TelegramFileIds.Key key;
    private final PreparedMessage message;
    private final StopCheck stop;

    MediaMessage(
        TelegramRequest request,
        TelegramBot bot,
        TelegramContent content,
        TelegramContent.File file,
        String who,
        PreparedMessage message,
        StopCheck stop) {
      this.request = request;
      this.bot = bot;
      this.content = content;
      this.file = file;
      this.key = new TelegramFileIds.Key(who, file.media().sha256(), file.media().kind().name());
      this.message = message;
      this.stop = stop;
    }

    SendOutcome outcome() throws TelegramContent.Unsendable {
      String id = fileIds.find(key);
      if (id != null) {
        return byId(id);
      }
      ReentrantLock upload = fileIds.upload(key);
      try {
        if (!upload.tryLock(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
          return notSent("another message was uploading the file all the time");
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return notSent("the sender stopped while another message was uploading the file");
      }
      try {
        id = fileIds.find(key);
        return id != null ? byId(id) : uploaded();
      } finally {
        upload.unlock();
      }
    }

    private SendOutcome uploaded() throws TelegramContent.Unsendable {
      Media media = file.media();
      return send(new InputFile(new ByteArrayInputStream(file.bytes()), media.fileName()));
    }

    private SendOutcome byId(String id) throws TelegramContent.Unsendable {
      SendOutcome outcome = send(new InputFile(id));
      if (outcome instanceof SendOutcome.Deferred deferred
          && deferred.cause().code().equals(TelegramAnswerPolicy.FILE_ID_REFUSED)) {
        fileIds.remove(key, id);
      }
      return outcome;
    }

    private SendOutcome send(InputFile input) throws TelegramContent.Unsendable {
      return switch (request.executeMedia(
          content.request(
              message, bot.paidBroadcast(), clock.instant(), file.media().kind(), input),
          () -> stop.maySend(message))) {
        case TelegramRequest.Taken<Message>(Message taken) -> {
          String id = idIn(taken);
          if (id != null) {
            fileIds.put(key, id);
          }
          yield new SendOutcome.Sent(String.valueOf(taken.getMessageId()));
        }
        case TelegramRequest.NotTaken<Message>(SendOutcome outcome) -> outcome;
      };
    }

    private static SendOutcome notSent(String detail) {
      return new SendOutcome.NotSent(new Cause("upload_waited", detail, null));
    }

    /** A photo comes in several sizes, the largest last; a video without sound is an animation. */
    private static @Nullable String idIn(Message taken) {
      if (taken.getPhoto() != null && !taken.getPhoto().isEmpty()) {
        return taken.getPhoto().getLast().getFileId();
      }
      if (taken.getVideo() != null) {
        return taken.getVideo().getFileId();
      }
      if (taken.getAnimation() != null) {
        return taken.getAnimation().getFileId();
      }
      return taken.getDocument() == null ? null : taken.getDocument().getFileId();
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
