package io.fanfare.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** How instances begin on a database, and how a broken one ends. */
class StartTest {

  private static final int INSTANCES = 4;
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Each migrates as a process of its own would; Liquibase itself does not know of the lock. */
  @Test
  void instancesThatFindAnEmptyDatabaseChangeItOneAfterTheOther() throws Exception {
    TestDatabase database = TestInfrastructure.freshDatabase();
    Migration migration = new Migration();
    CountDownLatch together = new CountDownLatch(INSTANCES);
    List<Future<?>> instances = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(INSTANCES)) {
      for (int i = 0; i < INSTANCES; i++) {
        instances.add(
            threads.submit(() -> {
              DefaultListableBeanFactory beans = guarded(database);
              together.countDown();
              together.await();
              beans.initializeBean(migration, "liquibase");
              return null;
            }));
      }
      for (Future<?> instance : instances) {
        instance.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(migration.runs).isEqualTo(INSTANCES);
    assertThat(migration.met).as("two at a time").isFalse();
  }

  @Test
  void aMigrationThatFailedLeavesNoLock() throws Exception {
    TestDatabase database = TestInfrastructure.freshDatabase();
    DefaultListableBeanFactory beans = guarded(database);
    Migration failing = new Migration();
    failing.fails = true;
    assertThatThrownBy(() -> beans.initializeBean(failing, "liquibase"))
        .hasMessageContaining("on purpose");
    beans.destroySingletons();
    guarded(database).initializeBean(new Migration(), "liquibase");
    await().atMost(SOON).until(() -> locks(database) == 0);
  }

  /** Killed while it changed the schema, it has left Liquibase's lock taken. */
  @Test
  void aServiceStartsThoughAnInstanceDiedWithLiquibasesLock() throws Exception {
    TestDatabase database = TestInfrastructure.freshDatabase();
    TestService.start(database).close();
    try (Connection connection = database.connect()) {
      int taken =
          connection
              .createStatement()
              .executeUpdate(
                  """
                  update test_service.databasechangeloglock
                  set locked = true, lockgranted = now(), lockedby = 'somebody dead'
                  """);
      assertThat(taken).isEqualTo(1);
    }
    try (ConfigurableApplicationContext service = TestService.start(database)) {
      assertThat(service.isRunning()).isTrue();
      // Given back while it serves; a session's locks end a moment after it.
      await().atMost(SOON).until(() -> locks(database) == 0);
    }
  }

  @Test
  void aBrokenServiceEndsItsProcessOnce() throws Exception {
    BlockingQueue<Thread> ends = new LinkedBlockingQueue<>();
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.addApplicationListener(new EndWhenBroken(() -> ends.add(Thread.currentThread())));
      context.refresh();
      AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
      assertThat(ends).isEmpty();
      AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
      AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
      Thread end = ends.poll(10, TimeUnit.SECONDS);
      assertThat(end).isNotNull().isNotEqualTo(Thread.currentThread());
      end.join(Duration.ofSeconds(10));
      assertThat(ends).isEmpty();
    }
  }

  private static DefaultListableBeanFactory guarded(TestDatabase database) {
    DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    new MigrationLock("test_service", database.jdbcUrl(), database.username(), database.password())
        .guard(beans);
    return beans;
  }

  private static long locks(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        var result =
            connection
                .createStatement()
                .executeQuery(
                    """
                    select count(*) from pg_locks l join pg_database d on d.oid = l.database
                    where l.locktype = 'advisory' and d.datname = current_database()
                    """)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Notices when it is run while it runs. */
  private static final class Migration extends SpringLiquibase {

    private static final Duration TAKES = Duration.ofMillis(50);

    private final Semaphore alone = new Semaphore(1);
    private volatile boolean met;
    private volatile int runs;
    private volatile boolean fails;

    @Override
    public void afterPropertiesSet() {
      if (fails) {
        throw new IllegalStateException("on purpose");
      }
      if (!alone.tryAcquire()) {
        met = true;
        return;
      }
      LockSupport.parkNanos(TAKES.toNanos());
      runs++;
      alone.release();
    }
  }
}
