package io.fanfare.localstack.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place where tests get a broker and a database: started at the first call, shared by all
 * test classes of the JVM, closed when the test session ends. The system property {@code infra}
 * chooses {@code embedded} (the default) or {@code containers}. Tests share the broker, so those
 * that read fixed topic names call {@link #resetTopics()} before the class and close their
 * consumers after it.
 */
public final class TestInfrastructure {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  // Not a static initialiser: a thread that runs a lambda of a class still being initialised waits
  // for it for ever.
  private static @Nullable Infrastructure started;

  private static final Deque<AutoCloseable> SHARED = new ArrayDeque<>();

  private TestInfrastructure() {}

  public static String bootstrapServers() {
    return infrastructure().bootstrapServers();
  }

  /** An empty database that no other test has seen. Each costs about 0.1 s. */
  public static TestDatabase freshDatabase() {
    return infrastructure().createDatabase("test_" + DATABASES.incrementAndGet());
  }

  /**
   * Deletes every topic but Kafka's own, and the consumer groups without members; returns when the
   * broker no longer lists the topics. Offsets committed for them are forgotten.
   */
  public static void resetTopics() {
    deleteTopics(topic -> true);
  }

  /** As {@link #resetTopics()}, for the topics whose name begins so. */
  public static void deleteTopics(String prefix) {
    deleteTopics(topic -> topic.startsWith(prefix));
  }

  /**
   * What the test classes of the JVM share, a service for instance: made at the first call, closed
   * before the broker and the database. A root context of JUnit will not do to keep it: where a
   * module's classes are dealt out to several JVMs, each class has one of its own.
   */
  public static <T extends AutoCloseable> T shared(Class<T> type, Supplier<T> start) {
    synchronized (SHARED) {
      for (AutoCloseable one : SHARED) {
        if (type.isInstance(one)) {
          return type.cast(one);
        }
      }
      T made = start.get();
      SHARED.push(made);
      return made;
    }
  }

  private static void deleteTopics(Predicate<String> chosen) {
    try (var cleaner = new TopicCleaner(bootstrapServers())) {
      cleaner.deleteTopics(chosen);
      cleaner.deleteEmptyGroups();
    }
  }

  private static synchronized Infrastructure infrastructure() {
    if (started == null) {
      started = start(System.getProperty("infra", "embedded"));
      // The session listener closes it first; this covers launchers that end without a session's
      // end.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(TestInfrastructure::close, "test-infrastructure-close"));
    }
    return started;
  }

  private static Infrastructure start(String kind) {
    return switch (kind) {
      case "embedded" -> EmbeddedInfrastructure.start();
      case "containers" -> ContainerInfrastructure.start();
      default ->
          throw new IllegalArgumentException("-Dinfra is embedded or containers, not " + kind);
    };
  }

  static synchronized void close() {
    closeShared();
    if (started != null) {
      started.close();
      started = null;
    }
  }

  private static void closeShared() {
    synchronized (SHARED) {
      while (!SHARED.isEmpty()) {
        try {
          SHARED.pop().close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
