package io.fanfare.dispatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.AccountTest;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.OutcomeSink;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.StopCheck;
import io.fanfare.dispatch.control.ContentTable.Place;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.secret.SecretBox;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContentTableTest {

  private static final int SIZE = 100_000;

  private final List<String> asked = new ArrayList<>();
  private final ControlTable controls = new ControlTable(this::forget);
  private final ContentTable contents =
      new ContentTable(controls::endedSending, (key, place) -> asked.add(key), 3L * SIZE);

  private void forget(UUID broadcast) {
    contents.remove(broadcast);
  }

  @Test
  void holdsNoMoreBytesThanItMayAndAsksForWhatIsGone() {
    List<UUID> broadcasts = Stream.generate(UUID::randomUUID).limit(10).toList();
    for (int i = 0; i < 10; i++) {
      read(broadcasts.get(i), i);
    }
    assertThat(contents.bytes()).isEqualTo(3 * SIZE);
    assertThat(contents.isComing(command(broadcasts.get(9)))).isFalse();
    assertThat(contents.isComing(command(broadcasts.get(0)))).isTrue();
    assertThat(asked).containsExactly(key(broadcasts.get(0)));

    contents.read(key(broadcasts.get(0)), new byte[SIZE]);
    assertThat(contents.isComing(command(broadcasts.get(0)))).isFalse();
    assertThat(contents.bytes()).isEqualTo(3 * SIZE);
  }

  @Test
  void whatIsNeverSentAgainIsNotHeldWhicheverIsReadFirst() {
    UUID cancelled = UUID.randomUUID();
    read(cancelled, 0);
    controls.accept(control(cancelled, 2, BroadcastState.CANCELLED), 500);
    assertThat(contents.bytes()).isZero();
    read(cancelled, 1);
    assertThat(contents.bytes()).isZero();
    assertThat(contents.isComing(command(cancelled))).isFalse();

    UUID completed = UUID.randomUUID();
    controls.accept(control(completed, 2, BroadcastState.COMPLETED), 500);
    read(completed, 2);
    assertThat(contents.bytes()).as("it may be resent").isEqualTo(SIZE);
    contents.remove(key(completed));
    assertThat(contents.bytes()).isZero();
  }

  @Test
  void controlsOfEndedBroadcastsAreForgottenByTheirSizeThoseOfOthersNever() {
    UUID running = UUID.randomUUID();
    controls.accept(control(running, 1, BroadcastState.RUNNING), 1_000_000);
    List<UUID> ended = Stream.generate(UUID::randomUUID).limit(40).toList();
    ended.forEach(id -> controls.accept(control(id, 2, BroadcastState.COMPLETED), 1_000_000));
    assertThat(controls.find(running)).isNotNull();
    assertThat(ended.stream().filter(id -> controls.find(id) != null)).hasSize(32);
    assertThat(controls.find(ended.getLast())).isNotNull();
    assertThat(controls.unfinished()).containsOnlyKeys(running);
  }

  @Test
  void knowsThePlacesOfTheContentsReadLast() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    contents.accept(key(first), new byte[1], new Place(0, 0));
    contents.accept(key(second), new byte[1], new Place(0, 1));
    for (int i = 2; i < ContentTable.MOST_PLACES; i++) {
      contents.accept(key(new UUID(1, i)), new byte[1], new Place(0, i));
    }
    assertThat(contents.isKnown(command(first))).isTrue();
    contents.accept(key(UUID.randomUUID()), new byte[1], new Place(1, 0));
    assertThat(contents.isKnown(command(first))).isFalse();
    assertThat(contents.isKnown(command(second))).isTrue();
  }

  @Test
  void keepsTheCompiledContentsUsedLast() {
    var many = new ContentTable(id -> false, (key, place) -> {}, ContentTable.MOST_BYTES);
    var compiler = new CountingCompiler();
    List<UUID> broadcasts =
        Stream.generate(UUID::randomUUID).limit(ContentTable.MOST_COMPILED + 1).toList();
    for (UUID id : broadcasts) {
      var content =
          new BroadcastContent(
              id, "a", Channel.EMAIL, new MessageContent.Email("Hi", null, "Hello"));
      many.accept(content.key(), EventCodec.encode(content), new Place(0, 0));
      compiler.compiled(many, id);
    }
    assertThat(compiler.count).isEqualTo(broadcasts.size());
    compiler.compiled(many, broadcasts.getLast());
    assertThat(compiler.count).as("kept").isEqualTo(broadcasts.size());
    compiler.compiled(many, broadcasts.getFirst());
    assertThat(compiler.count).as("compiled again").isEqualTo(broadcasts.size() + 1);
  }

  /** A channel whose compiled contents are nothing but counted. */
  private static final class CountingCompiler implements ChannelSender {

    private static final OpenedAccount ACCOUNT =
        new OpenedAccount(
            UUID.randomUUID(), UUID.randomUUID(), Channel.EMAIL, 1, 0, Map.of(), Map.of());

    private int count;

    void compiled(ContentTable table, UUID broadcast) {
      assertThat(
              table.compiled(
                  command(broadcast), control(broadcast, 1, BroadcastState.RUNNING), ACCOUNT, this))
          .isNotNull();
    }

    @Override
    public CompiledContent compile(
        MessageContent content, OpenedAccount account, BroadcastFacts facts) {
      count++;
      return new CompiledContent() {};
    }

    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }

    @Override
    public int batchSize() {
      return 1;
    }

    @Override
    public int concurrentBatches() {
      return 1;
    }

    @Override
    public AccountTest test(OpenedAccount account) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void send(
        OpenedAccount account, List<PreparedMessage> batch, StopCheck stop, OutcomeSink sink) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void readsAgainFromTheBrokerWhatDidNotFit() {
    TestInfrastructure.resetTopics();
    String broker = TestInfrastructure.bootstrapServers();
    TopicsReady.ensure(broker, 4, (short) 1);
    List<UUID> broadcasts = Stream.generate(UUID::randomUUID).limit(6).toList();
    ControlReader reader =
        new ControlReader(
            broker,
            "w",
            new SecretBox("k1:" + Base64.getEncoder().encodeToString(new byte[32])),
            Duration.ofMillis(500),
            false,
            2L * SIZE);
    try (EventProducer producer = new EventProducer(broker, "test")) {
      broadcasts.forEach(id -> {
        var content =
            new BroadcastContent(
                id, "a", Channel.EMAIL, new MessageContent.Email("Hi", null, "x".repeat(SIZE / 2)));
        producer.send(Topics.BROADCAST_CONTENT, content.key(), content).join();
      });
      reader.start((thread, failure) -> {});
      await().atMost(Duration.ofSeconds(20)).until(reader::confirmed);
      assertThat(reader.contents().bytes()).isLessThanOrEqualTo(2 * SIZE);
      for (UUID id : broadcasts) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> !reader.contents().isComing(command(id)));
      }
      assertThat(reader.contents().bytes()).isBetween(1L, 2L * SIZE);
      producer
          .send(Topics.BROADCAST_CONTENT.name(), key(broadcasts.get(0)), null, List.of())
          .join();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              IntStream.range(0, 6)
                      .filter(i -> reader.contents().isKnown(command(broadcasts.get(i))))
                      .count()
                  == 5);
    } finally {
      reader.close();
    }
  }

  private void read(UUID broadcast, int offset) {
    contents.accept(key(broadcast), new byte[SIZE], new Place(0, offset));
  }

  private static String key(UUID broadcast) {
    return BroadcastContent.key(broadcast, "a", Channel.EMAIL);
  }

  private static BroadcastControl control(UUID id, long epoch, BroadcastState state) {
    return new BroadcastControl(
        id,
        UUID.randomUUID(),
        "B",
        epoch,
        state,
        UUID.randomUUID(),
        List.of(),
        DeliveryPolicy.NEVER_TWICE,
        SendClass.BULK,
        LocalDate.EPOCH,
        List.of(),
        Map.of(),
        Instant.EPOCH);
  }

  private static SendMessage command(UUID broadcast) {
    return new SendMessage(
        UUID.randomUUID(),
        broadcast,
        7,
        Channel.EMAIL,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        LocalDate.EPOCH,
        new Lane(UUID.randomUUID(), 0),
        "a",
        1,
        "a@example.org",
        Instant.EPOCH,
        Map.of());
  }
}
