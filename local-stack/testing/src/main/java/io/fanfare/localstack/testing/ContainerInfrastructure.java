package io.fanfare.localstack.testing;

import io.fanfare.localstack.embedded.BrokerSettings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Broker and database in containers, with the settings of the embedded ones. */
record ContainerInfrastructure(KafkaContainer kafka, PostgreSQLContainer postgres)
    implements Infrastructure {

  private static final String USERNAME = "postgres";

  static ContainerInfrastructure start() {
    // The broker of the version of the clients under test.
    var kafka = new KafkaContainer("apache/kafka-native:" + AppInfoParser.getVersion());
    BrokerSettings.NOTICEABLE.forEach((name, value) -> kafka.addEnv(variable(name), value));
    var postgres =
        new PostgreSQLContainer("postgres:18")
            .withUsername(USERNAME)
            .withPassword(USERNAME)
            .withEnv(
                "POSTGRES_INITDB_ARGS",
                "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C")
            // Replaces the library's own command, which turns fsync off.
            .withCommand(
                "postgres", "-c", "max_connections=200", "-c", "jit=off", "-c", "io_method=sync");
    Startables.deepStart(kafka, postgres).join();
    return new ContainerInfrastructure(kafka, postgres);
  }

  private static String variable(String property) {
    return "KAFKA_" + property.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String bootstrapServers() {
    return kafka.getBootstrapServers();
  }

  @Override
  public TestDatabase createDatabase(String name) {
    try (var connection = DriverManager.getConnection(url("postgres"), USERNAME, USERNAME);
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
      return new TestDatabase(url(name), USERNAME, USERNAME);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot create database " + name, e);
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(
            postgres.getHost(),
            postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
            database);
  }

  @Override
  public void close() {
    kafka.stop();
    postgres.stop();
  }
}
