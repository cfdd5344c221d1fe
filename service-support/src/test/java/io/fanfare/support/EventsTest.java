package io.fanfare.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Events leave with their transaction, and no record blocks its partition. */
class EventsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static ConfigurableApplicationContext service;
  private static KafkaProbe probe;
  private static TransactionTemplate transaction;
  private static Outbox outbox;

  @BeforeAll
  static void start() {
    TestInfrastructure.resetTopics();
    TestDatabase database = TestInfrastructure.freshDatabase();
    service = TestService.start(database);
    probe = KafkaProbe.ofTestBroker();
    transaction = new TransactionTemplate(service.getBean(PlatformTransactionManager.class));
    outbox = service.getBean(Outbox.class);
  }

  @AfterAll
  static void stop() {
    probe.close();
    service.close();
  }

  @Test
  void publishesWhatCommittedInOrderAndNothingElse() {
    UUID list = Ids.next();
    for (int round = 0; round < 50; round++) {
      ContactListChanged kept = change(list, "kept " + round);
      transaction.executeWithoutResult(
          status -> outbox.publish(Topics.CONTACT_LIST_LIFECYCLE, list.toString(), kept));
      transaction.executeWithoutResult(status -> {
        outbox.publish(Topics.CONTACT_LIST_LIFECYCLE, list.toString(), change(list, "rolled back"));
        status.setRollbackOnly();
      });
    }
    List<ConsumerRecord<byte[], byte[]>> records =
        probe.awaitCount(Topics.CONTACT_LIST_LIFECYCLE.name(), 50, SOON);
    assertThat(records)
        .extracting(r -> EventCodec.decode(ContactListChanged.class, r.value()).name())
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 50).mapToObj(i -> "kept " + i).toList());
    assertThat(header(records.getFirst(), "ce_type")).isEqualTo("contact_list.updated");
    assertThat(header(records.getFirst(), "ce_specversion")).isEqualTo("1.0");
    assertThat(header(records.getFirst(), "ce_source")).isEqualTo("/fanfare/test-service");
  }

  @Test
  void refusesAnEventOutsideATransaction() {
    UUID list = Ids.next();
    assertThatThrownBy(
            () -> outbox.publish(Topics.CONTACT_LIST_LIFECYCLE, "k", change(list, "lost")))
        .isInstanceOf(IllegalTransactionStateException.class);
  }

  @Test
  void refusesAnEventTheBrokerWouldNotTake() {
    UUID list = Ids.next();
    assertThatThrownBy(() ->
            transaction.executeWithoutResult(status ->
                outbox.publish(
                    Topics.CONTACT_LIST_LIFECYCLE,
                    list.toString(),
                    change(list, "x".repeat(1_000_001)))))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.code()).isEqualTo("event_too_large"));
  }

  @Test
  void whatTheBrokerRefusesForGoodStopsNothingElse() {
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.update(
        "insert into outbox (topic, record_key, event_type, payload, headers) values (?, ?, ?, ?, '{}')",
        Topics.BROADCAST_SIGNAL.name(),
        "too large",
        "broadcast.signal",
        new byte[1_100_000]);
    UUID list = Ids.next();
    transaction.executeWithoutResult(
        status -> outbox.publish(Topics.BROADCAST_SIGNAL, "behind it", change(list, "behind it")));
    assertThat(outbox.awaitPublished(Topics.BROADCAST_SIGNAL, "behind it", SOON)).isTrue();
    assertThat(probe.awaitCount(Topics.BROADCAST_SIGNAL.name(), 1, SOON)).hasSize(1);
    assertThat(
            jdbc.queryForObject(
                "select refused from outbox where record_key = 'too large'", String.class))
        .contains("RecordTooLarge");
    // Never told to anybody: whoever waits for it is told so.
    assertThat(outbox.isPublished(Topics.BROADCAST_SIGNAL, "too large")).isFalse();
  }

  @Test
  void tellsWhetherTheBrokerHasWhatWasPublished() {
    UUID list = Ids.next();
    transaction.executeWithoutResult(status -> {
      outbox.publish(Topics.DELIVERY_RETRY_DUE, list.toString(), change(list, "told"));
      assertThatThrownBy(
              () -> outbox.awaitPublished(Topics.DELIVERY_RETRY_DUE, list.toString(), SOON))
          .isInstanceOf(IllegalStateException.class);
    });
    assertThat(outbox.awaitPublished(Topics.DELIVERY_RETRY_DUE, list.toString(), SOON)).isTrue();
    assertThat(probe.readAll(Topics.DELIVERY_RETRY_DUE.name())).hasSize(1);
  }

  @Test
  void writesTheAuditTrailInTheTransactionOfTheChange() {
    AuditTrail trail = service.getBean(AuditTrail.class);
    Identity editor = new Identity(Ids.next(), "key:7", Role.EDITOR);
    transaction.executeWithoutResult(
        status -> trail.record(editor, "create", "thing", "1", null, Map.of("name", "x")));
    List<ConsumerRecord<byte[], byte[]>> records =
        probe.awaitCount(Topics.AUDIT_RECORDED.name(), 1, SOON);
    AuditRecorded entry = EventCodec.decode(AuditRecorded.class, records.getFirst().value());
    assertThat(entry.actor()).isEqualTo("key:7");
    assertThat(entry.tenantId()).isEqualTo(editor.tenantId());
    assertThat(entry.after()).containsEntry("name", "x");
  }

  @Test
  void setsAsideWhatIsUndecodableOrCannotBeHandledAndGoesOn() {
    EventBatches batches = service.getBean(EventBatches.class);
    String group = Topics.Groups.BROADCAST_AUDIT;
    UUID list = Ids.next();
    List<String> handled = new ArrayList<>();
    batches.handle(
        group,
        ContactListChanged.class,
        List.of(
            record(0, EventCodec.encode(change(list, "first"))),
            record(1, "garbage".getBytes(StandardCharsets.UTF_8)),
            record(2, EventCodec.encode(change(list, "poison"))),
            record(3, EventCodec.encode(change(list, "last")))),
        events -> {
          if (events.stream().anyMatch(e -> e.name().equals("poison"))) {
            throw new IllegalStateException("a bug");
          }
          events.forEach(e -> handled.add(e.name()));
        });
    assertThat(handled).containsExactly("first", "last");
    List<ConsumerRecord<byte[], byte[]>> dead =
        probe.awaitCount(Topics.AUDIT_RECORDED.deadLetterTopic(group), 2, SOON);
    assertThat(header(dead.get(0), "fanfare_reason")).startsWith("undecodable");
    assertThat(header(dead.get(1), "fanfare_reason")).contains("a bug");
    assertThat(header(dead.get(1), "fanfare_origin")).isEqualTo("0@2");
  }

  @Test
  void leavesABatchToTheContainerWhileTheDatabaseIsAway() {
    EventBatches batches = service.getBean(EventBatches.class);
    assertThatThrownBy(() ->
            batches.handle(
                Topics.Groups.BROADCAST_AUDIT,
                ContactListChanged.class,
                List.of(record(0, EventCodec.encode(change(Ids.next(), "x")))),
                events -> {
                  throw new TransientDataAccessResourceException("away");
                }))
        .isInstanceOf(TransientDataAccessResourceException.class);
  }

  private static ConsumerRecord<String, byte[]> record(long offset, byte[] value) {
    return new ConsumerRecord<>(Topics.AUDIT_RECORDED.name(), 0, offset, "k", value);
  }

  private static ContactListChanged change(UUID list, String name) {
    return new ContactListChanged(
        Ids.next(),
        ContactListChanged.Change.UPDATED,
        UUID.randomUUID(),
        list,
        name,
        null,
        "system",
        Instant.EPOCH);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
