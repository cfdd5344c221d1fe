package io.fanfare.support;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a service with the settings all services share. Every service has a configuration file of
 * its own name, so that five of them can live in one JVM; everything here can be overridden there
 * or by the environment.
 */
public final class ServiceLauncher {

  private ServiceLauncher() {}

  /** Of a process that ended itself because it was broken; any but 0 has it started again. */
  private static final int BROKEN = 70;

  /**
   * Starts the service as a process and returns once it serves. The process ends by itself when the
   * service says it is broken.
   *
   * @param application the class with {@code @SpringBootApplication}
   * @param serviceName such as {@code audience-service}; names its configuration file, changelog,
   *     schema (with underscores), consumer and metrics
   */
  public static ConfigurableApplicationContext run(
      Class<?> application, String serviceName, String... args) {
    return builder(application, serviceName)
        .listeners(new EndWhenBroken(() -> System.exit(BROKEN)))
        .run(args);
  }

  /** The same, not started yet: for tests and for several services in one JVM. */
  public static SpringApplicationBuilder builder(Class<?> application, String serviceName) {
    return new SpringApplicationBuilder(application)
        .bannerMode(Banner.Mode.OFF)
        .registerShutdownHook(true)
        .initializers(new SchemaInitializer(schemaOf(serviceName)))
        .properties(defaults(serviceName));
  }

  /** The database schema of a service. */
  public static String schemaOf(String serviceName) {
    return serviceName.replace('-', '_');
  }

  private static Map<String, Object> defaults(String serviceName) {
    String schema = schemaOf(serviceName);
    Map<String, Object> defaults = new TreeMap<>();
    defaults.put("spring.config.name", serviceName);
    defaults.put("spring.application.name", serviceName);
    defaults.put("spring.jmx.enabled", "false");
    defaults.put("spring.threads.virtual.enabled", "true");
    defaults.put("server.port", "${FANFARE_PORT:0}");
    defaults.put("server.shutdown", "graceful");
    defaults.put("server.error.include-message", "never");
    defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "25s");
    database(defaults, serviceName, schema);
    kafka(defaults, serviceName);
    defaults.put("spring.jackson.property-naming-strategy", "SNAKE_CASE");
    defaults.put("spring.jackson.default-property-inclusion", "non_null");
    defaults.put("spring.servlet.multipart.enabled", "false");
    defaults.put("spring.mvc.formcontent.filter.enabled", "false");
    defaults.put("management.endpoints.web.exposure.include", "health,info,prometheus");
    defaults.put("management.endpoint.health.probes.enabled", "true");
    defaults.put("management.metrics.use-global-registry", "false");
    defaults.put("management.metrics.tags.service", serviceName);
    defaults.put("springdoc.api-docs.enabled", "true");
    defaults.put("springdoc.swagger-ui.enabled", "false");
    defaults.put("springdoc.paths-to-match", "/api/v1/**");
    return defaults;
  }

  private static void database(Map<String, Object> defaults, String serviceName, String schema) {
    defaults.put(
        "spring.datasource.url",
        "${FANFARE_DATABASE_URL:jdbc:postgresql://localhost:5432/fanfare}");
    defaults.put("spring.datasource.username", "${FANFARE_DATABASE_USERNAME:fanfare}");
    defaults.put("spring.datasource.password", "${FANFARE_DATABASE_PASSWORD:}");
    defaults.put("spring.datasource.hikari.pool-name", serviceName);
    defaults.put("spring.datasource.hikari.maximum-pool-size", "${FANFARE_DATABASE_POOL:10}");
    defaults.put("spring.datasource.hikari.minimum-idle", "2");
    // A database that comes back within a minute is waited for, not failed on.
    defaults.put("spring.datasource.hikari.connection-timeout", "30000");
    defaults.put("spring.datasource.hikari.data-source-properties.currentSchema", schema);
    defaults.put("spring.datasource.hikari.data-source-properties.ApplicationName", serviceName);
    defaults.put("spring.datasource.hikari.data-source-properties.reWriteBatchedInserts", "true");
    defaults.put("spring.datasource.hikari.data-source-properties.socketTimeout", "60");
    defaults.put("spring.liquibase.change-log", "classpath:db/" + serviceName + "/changelog.yaml");
    defaults.put("spring.liquibase.default-schema", schema);
    defaults.put("spring.liquibase.liquibase-schema", schema);
    defaults.put("spring.liquibase.show-summary", "off");
    defaults.put("spring.liquibase.analytics-enabled", "false");
  }

  private static void kafka(Map<String, Object> defaults, String serviceName) {
    String consumer = "spring.kafka.consumer.";
    defaults.put(
        "spring.kafka.bootstrap-servers", "${FANFARE_KAFKA_BOOTSTRAP_SERVERS:localhost:9092}");
    defaults.put("spring.kafka.client-id", serviceName);
    defaults.put("spring.kafka.listener.type", "batch");
    defaults.put("spring.kafka.listener.ack-mode", "batch");
    defaults.put("spring.kafka.listener.poll-timeout", "1s");
    // Never latest: a group that is new to a partition must not skip what is already there.
    defaults.put(consumer + "auto-offset-reset", "earliest");
    defaults.put(consumer + "enable-auto-commit", "false");
    defaults.put(consumer + "max-poll-records", "2000");
    defaults.put(
        consumer + "key-deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    defaults.put(
        consumer + "value-deserializer",
        "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    defaults.put(consumer + "properties[session.timeout.ms]", "10000");
    defaults.put(consumer + "properties[heartbeat.interval.ms]", "3000");
  }
}
