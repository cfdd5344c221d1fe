package io.fanfare.localstack.testing;

import io.fanfare.localstack.embedded.EmbeddedDatabase;
import io.fanfare.localstack.embedded.EmbeddedKafka;
import java.util.concurrent.CompletableFuture;

/** The embedded broker and database on a data directory that is deleted at the end. */
record EmbeddedInfrastructure(
    ScratchDirectory scratch, EmbeddedKafka kafka, EmbeddedDatabase database)
    implements Infrastructure {

  static EmbeddedInfrastructure start() {
    var scratch = ScratchDirectory.create();
    var kafkaDirectory = scratch.directory().resolve("kafka");
    var databaseDirectory = scratch.directory().resolve("postgresql");
    var database =
        CompletableFuture.supplyAsync(
            () -> EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(databaseDirectory)));
    var kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.in(kafkaDirectory));
    return new EmbeddedInfrastructure(scratch, kafka, database.join());
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public TestDatabase createDatabase(String name) {
    database.createDatabase(name);
    return new TestDatabase(database.jdbcUrl(name), database.username(), database.username());
  }

  @Override
  public void close() {
    kafka.close();
    database.close();
    scratch.delete();
  }
}
