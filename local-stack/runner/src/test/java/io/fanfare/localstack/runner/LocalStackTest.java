package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack on this machine keeps to itself, and leaves nothing behind. */
class LocalStackTest {

  private static final int LOOK_MILLIS = 2_000;

  @TempDir Path folder;

  /** {@link SharedStack} is started among settings that lead somewhere else. */
  @Test
  void usesItsOwnDatabaseWhateverTheEnvironmentSays() throws Exception {
    SharedStack shared = SharedStack.get();
    assertThat(System.getProperties()).containsAllEntriesOf(SharedStack.FOREIGN);
    shared.newTenant("At home");
    try (var connection = DriverManager.getConnection(shared.stack().databaseUrl());
        var tenants =
            connection
                .createStatement()
                .executeQuery("select count(*) from broadcast_api.tenant where name = 'At home'")) {
      tenants.next();
      assertThat(tenants.getLong(1)).isEqualTo(1);
    }
  }

  /** On Linux all of 127.0.0.0/8 is this machine, so another address stands for the network's. */
  @Test
  void listensOnTheLoopbackAddressAlone() {
    LocalStack stack = SharedStack.get().stack();
    List<URI> doors = new ArrayList<>(List.of(stack.baseUrl(), stack.mailboxUrl()));
    for (LocalStack.Service service : LocalStack.Service.values()) {
      doors.add(URI.create(stack.url(service.serviceName())));
    }
    for (URI door : doors) {
      assertThat(listens("127.0.0.1", door.getPort())).as("%s", door).isTrue();
      assertThat(listens("127.0.0.2", door.getPort())).as("%s from elsewhere", door).isFalse();
    }
  }

  @Test
  void closesEveryPartThoughOneFails() {
    LocalStack stack = emptyStack();
    List<String> closed = new ArrayList<>();
    stack.running(() -> () -> closed.add("first"));
    stack.running(() ->
        () -> {
          throw new IOException("does not stop");
        });
    stack.running(() -> () -> closed.add("last"));
    assertThatThrownBy(stack::close)
        .isInstanceOf(IllegalStateException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("last", "first");
    stack.close();
    assertThat(closed).as("closed once").hasSize(2);
  }

  @Test
  void closesAPartThatIsJustStartingAndStartsNoFurther() throws InterruptedException {
    LocalStack stack = emptyStack();
    List<String> closed = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread start =
        Thread.ofVirtual()
            .start(() ->
                stack.running(() -> {
                  begun.countDown();
                  await(mayEnd);
                  return () -> closed.add("part");
                }));
    begun.await();
    Thread close = Thread.ofVirtual().start(stack::close);
    mayEnd.countDown();
    close.join();
    start.join();
    assertThat(closed).containsExactly("part");
    assertThatThrownBy(() -> stack.running(() -> () -> closed.add("further")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped");
    assertThat(closed).containsExactly("part");
  }

  private LocalStack emptyStack() {
    return LocalStack.of(new StackSettings(folder, false, Map.of()), part -> {});
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean listens(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), LOOK_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
