package io.fanfare.dispatch.loop;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
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
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A channel whose provider is memory: it logs what arrives, answers as told, takes as long as told,
 * and can be made to hang between arrival and answer.
 */
final class FakeProvider implements ChannelSender {

  record Arrival(UUID broadcastId, long contactId, int issue, String address, long nanos) {}

  private record Compiled(MessageContent content) implements CompiledContent {}

  private final Channel channel;
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private volatile Function<PreparedMessage, SendOutcome> answer =
      message -> new SendOutcome.Sent("id-" + message.command().contactId());
  private volatile Duration latency = Duration.ZERO;
  private volatile Duration connecting = Duration.ZERO;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile CountDownLatch compileGate = new CountDownLatch(0);
  private final AtomicInteger compiling = new AtomicInteger();
  private volatile boolean refusesContent;
  private volatile int keptApart;
  private volatile Function<String, List<RecipientLimit>> limits = address -> List.of();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  FakeProvider(Channel channel) {
    this.channel = channel;
  }

  void answers(Function<PreparedMessage, SendOutcome> next) {
    answer = next;
  }

  /** Messages a second that its lanes leave alone. */
  void keepsApart(int messages) {
    keptApart = messages;
  }

  @Override
  public int keptApart(OpenedAccount account) {
    return keptApart;
  }

  void takes(Duration time) {
    latency = time;
  }

  /** Sends between arrival and answer now; each has a connection. */
  int atOnce() {
    return atOnce.get();
  }

  /** From now on messages arrive and no answer comes before {@link #release}. */
  void hang() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  /** A send takes so long before it asks whether it may write. */
  void connects(Duration time) {
    connecting = time;
  }

  /** From now on contents are not compiled before {@link #releaseCompile}. */
  void hangCompile() {
    compileGate = new CountDownLatch(1);
  }

  void releaseCompile() {
    compileGate.countDown();
  }

  boolean isCompiling() {
    return compiling.get() > 0;
  }

  void limits(Function<String, List<RecipientLimit>> perAddress) {
    limits = perAddress;
  }

  /** The most messages that had arrived and were not answered at one time. */
  int mostAtOnce() {
    return mostAtOnce.get();
  }

  @Override
  public List<RecipientLimit> recipientLimits(String address) {
    return limits.apply(address);
  }

  void refuseContent() {
    refusesContent = true;
  }

  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public int batchSize() {
    return 50;
  }

  @Override
  public int concurrentBatches() {
    return 8;
  }

  @Override
  public CompiledContent compile(
      MessageContent content, OpenedAccount account, BroadcastFacts facts) {
    if (refusesContent) {
      throw new ContentRefused("no message can be made of it");
    }
    compiling.incrementAndGet();
    awaitOpen(compileGate);
    compiling.decrementAndGet();
    return new Compiled(content);
  }

  @Override
  public AccountTest test(OpenedAccount account) {
    return new AccountTest(true, "ok", "version " + account.version());
  }

  @Override
  public void send(
      OpenedAccount account, List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink) {
    LockSupport.parkNanos(connecting.toNanos());
    for (PreparedMessage message : batch) {
      if (!stop.maySend(message)) {
        sink.accept(message, new SendOutcome.Stopped());
        continue;
      }
      var command = message.command();
      arrivals.add(
          new Arrival(
              command.broadcastId(),
              command.contactId(),
              command.issue(),
              message.address(),
              System.nanoTime()));
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      awaitOpen(gate);
      if (!latency.isZero()) {
        LockSupport.parkNanos(latency.toNanos());
      }
      atOnce.decrementAndGet();
      sink.accept(message, answer.apply(message));
    }
  }

  private static void awaitOpen(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    releaseCompile();
  }
}
