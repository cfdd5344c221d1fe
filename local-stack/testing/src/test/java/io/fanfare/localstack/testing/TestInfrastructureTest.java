package io.fanfare.localstack.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestInfrastructureTest {

  private KafkaProbe probe;

  @BeforeEach
  void open() {
    TestInfrastructure.resetTopics();
    probe = KafkaProbe.ofTestBroker();
  }

  @AfterEach
  void close() {
    probe.close();
  }

  @Test
  void databasesAreEmptyAndApart() throws Exception {
    var first = TestInfrastructure.freshDatabase();
    var second = TestInfrastructure.freshDatabase();
    try (var connection = first.connect();
        var statement = connection.createStatement()) {
      statement.execute("create table note (id int)");
    }
    try (var connection = second.connect();
        var statement = connection.createStatement();
        var found = statement.executeQuery("select to_regclass('note') is null")) {
      found.next();
      assertThat(found.getBoolean(1)).isTrue();
    }
    assertThat(first.jdbcUrl()).isNotEqualTo(second.jdbcUrl());
  }

  @Test
  void readsWholeTopicsWithKeysAndHeaders() {
    probe.createTopic("probe.read", 3);
    for (int i = 0; i < 50; i++) {
      probe.produce("probe.read", "key-" + i, ("value-" + i).getBytes(UTF_8), Map.of("n", "" + i));
    }
    var records = probe.readAll("probe.read");
    assertThat(records).hasSize(50).extracting(ConsumerRecord::partition).contains(0, 1, 2);
    assertThat(records)
        .allSatisfy(record -> {
          var number = new String(record.headers().lastHeader("n").value(), UTF_8);
          assertThat(record.key()).isEqualTo(("key-" + number).getBytes(UTF_8));
          assertThat(record.value()).isEqualTo(("value-" + number).getBytes(UTF_8));
        });
    assertThat(probe.readAll("probe.unknown")).isEmpty();
  }

  @Test
  void awaitsRecordsAndSaysWhatCameInstead() {
    probe.createTopic("probe.await", 1);
    probe.produce("probe.await", null, "first".getBytes(UTF_8));
    assertThat(probe.awaitCount("probe.await", 1, Duration.ofSeconds(10))).hasSize(1);
    assertThatThrownBy(() -> probe.awaitCount("probe.await", 2, Duration.ofMillis(200)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("first");
  }

  @Test
  void resetTopicsForgetsRecordsAndCommittedOffsets() throws Exception {
    probe.createTopic("probe.reset", 1);
    probe.produce("probe.reset", null, "old".getBytes(UTF_8));
    var partition = new TopicPartition("probe.reset", 0);
    try (var admin =
        Admin.create(Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()))) {
      admin
          .alterConsumerGroupOffsets("probe.group", Map.of(partition, new OffsetAndMetadata(1)))
          .all()
          .get();
      TestInfrastructure.resetTopics();
      assertThat(admin.listTopics().names().get()).noneMatch(name -> !name.startsWith("__"));
      // The same name at once, as the next test class does it.
      admin.createTopics(List.of(new NewTopic("probe.reset", 2, (short) 1))).all().get();
      assertThat(probe.readAll("probe.reset")).isEmpty();
      assertThat(admin.listConsumerGroups().all().get()).isEmpty();
    }
  }

  @Test
  void deletesOnlyTopicsOfThePrefix() {
    probe.createTopic("one.a", 1);
    probe.createTopic("two.a", 1);
    probe.produce("two.a", null, "kept".getBytes(UTF_8));
    TestInfrastructure.deleteTopics("one.");
    assertThat(probe.readAll("one.a")).isEmpty();
    assertThat(probe.readAll("two.a")).hasSize(1);
  }
}
