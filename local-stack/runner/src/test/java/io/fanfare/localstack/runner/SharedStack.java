package io.fanfare.localstack.runner;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.simulator.Simulators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import tools.jackson.databind.JsonNode;

/** One stack for the tests of this module, started by the first that needs it. */
public final class SharedStack implements LauncherSessionListener {

  /** As if set for a deployment elsewhere: what a stack must never follow. */
  static final Map<String, String> FOREIGN =
      Map.of(
          "FANFARE_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/somebody-elses",
          "FANFARE_DATABASE_USERNAME", "somebody",
          "FANFARE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
          "FANFARE_OPERATOR_KEY", "ffop_somebody",
          "FANFARE_AUDIENCE_URL", "http://127.0.0.1:1",
          "FANFARE_BROADCAST_URL", "http://127.0.0.1:1",
          "FANFARE_ALLOW_PRIVATE_TARGETS", "false",
          "FANFARE_PORT", "1",
          "spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/somebody-elses",
          "spring.kafka.bootstrap-servers", "127.0.0.1:1");

  private static SharedStack instance;

  private Simulators simulators;
  private LocalStack stack;
  private Path folder;

  /** For JUnit, which makes one to tell when the session ends. */
  public SharedStack() {}

  static synchronized SharedStack get() {
    if (instance == null) {
      SharedStack started = new SharedStack();
      started.startUp();
      instance = started;
    }
    return instance;
  }

  private void startUp() {
    Logging.into(Path.of("target"));
    // Properties stand before variables of the environment, which a test cannot set.
    FOREIGN.forEach(System::setProperty);
    try {
      folder = Files.createTempDirectory(Path.of("target"), "stack");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    simulators = Simulators.start(Simulators.Settings.local());
    startStack();
  }

  private void startStack() {
    stack =
        LocalStack.start(
            new StackSettings(
                folder.toAbsolutePath(), false, Map.of("FANFARE_RETRY_DELAYS", "300ms,600ms,1s")),
            simulators,
            part -> {});
  }

  /**
   * Stops everything but the providers in good order and starts it again on its data.
   *
   * @param between runs while nothing but the providers does
   */
  void restart(Runnable between) {
    stack.close();
    between.run();
    startStack();
  }

  LocalStack stack() {
    return stack;
  }

  Simulators simulators() {
    return simulators;
  }

  Path folder() {
    return folder.toAbsolutePath();
  }

  /** The operator. */
  RestClient operator() {
    return new RestClient(stack.baseUrl(), stack.keys().get("FANFARE_OPERATOR_KEY"));
  }

  /** The admin of a new tenant. */
  RestClient newTenant(String name) {
    JsonNode tenant = operator().post("/api/v1/tenants", Map.of("name", name));
    return newKey(tenant.get("id").asString(), "admin");
  }

  /** The same key where the stack listens now. */
  RestClient afterRestart(RestClient before) {
    return operator().withKey(before.authorization().substring("Bearer ".length()));
  }

  /** A tenant's key of some role. */
  RestClient newKey(String tenantId, String role) {
    JsonNode key =
        operator()
            .post(
                "/api/v1/tenants/" + tenantId + "/api-keys", Map.of("name", role, "role", "admin"));
    RestClient admin = operator().withKey(key.get("key").asString());
    if (role.equals("admin")) {
      return admin;
    }
    JsonNode lesser = admin.post("/api/v1/api-keys", Map.of("name", role, "role", role));
    return operator().withKey(lesser.get("key").asString());
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    synchronized (SharedStack.class) {
      if (instance != null) {
        instance.stack.close();
        instance.simulators.close();
        instance = null;
      }
    }
  }
}
