package io.fanfare.localstack.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

  private static final TopicPartition PARTITION = new TopicPartition("notes", 0);

  @TempDir Path folder;

  @Test
  void topicsRecordsAndOffsetsSurviveARestart() throws Exception {
    int port;
    try (var kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.in(folder.resolve("kafka")))) {
      port = kafka.port();
      createTopicWithRecord(kafka.bootstrapServers());
    }
    var again = new EmbeddedKafka.Settings(folder.resolve("kafka"), port);
    try (var kafka = EmbeddedKafka.start(again)) {
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      assertRecordAndOffsetAreThere(kafka.bootstrapServers());
    }
  }

  @Test
  void hasTheSettingsThatServicesNotice() throws Exception {
    var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    try (var kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.in(folder.resolve("kafka")));
        var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      var config = admin.describeConfigs(List.of(broker)).all().get().get(broker);
      BrokerSettings.NOTICEABLE.forEach(
          (name, value) -> assertThat(config.get(name).value()).as(name).isEqualTo(value));
    }
  }

  @Test
  void endsWhenItsPortIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var process =
            JavaProcess.start(
                BrokerMain.class,
                "--data-dir=" + folder.resolve("kafka"),
                "--port=" + taken.getLocalPort())) {
      assertThatThrownBy(() -> process.awaitLine("broker ready "))
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void survivesKill9OfItsProcess() throws Exception {
    var directory = folder.resolve("kafka");
    try (var process = JavaProcess.start(BrokerMain.class, "--data-dir=" + directory)) {
      var ready = process.awaitLine("broker ready ");
      createTopicWithRecord(ready.substring("broker ready ".length()));
      process.kill();
    }
    try (var process = JavaProcess.start(BrokerMain.class, "--data-dir=" + directory)) {
      var ready = process.awaitLine("broker ready ");
      assertRecordAndOffsetAreThere(ready.substring("broker ready ".length()));
      assertThat(process.terminate()).as("exit code after SIGTERM").isEqualTo(143);
    }
  }

  private static void createTopicWithRecord(String bootstrapServers) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        var producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic("notes", 1, (short) 1))).all().get();
      producer.send(new ProducerRecord<>("notes", "hello".getBytes(UTF_8))).get();
      admin
          .alterConsumerGroupOffsets("readers", Map.of(PARTITION, new OffsetAndMetadata(1)))
          .all()
          .get();
    }
  }

  private static void assertRecordAndOffsetAreThere(String bootstrapServers) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        var consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      var records = consumer.poll(Duration.ofSeconds(10));
      assertThat(records)
          .singleElement()
          .satisfies(r -> assertThat(r.value()).isEqualTo("hello".getBytes(UTF_8)));
      var offsets = admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get();
      assertThat(offsets.get(PARTITION).offset()).isEqualTo(1);
    }
  }
}
