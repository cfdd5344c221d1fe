package io.fanfare.localstack.embedded;

import java.util.concurrent.CountDownLatch;

/**
 * The database with a process of its own that starts and stops it: {@code --data-dir=<folder>
 * [--port=<port>] [--databases=<a,b>]} or {@code FANFARE_POSTGRES_…}. Prints {@code database ready
 * <port> <postmaster's process id>} once and runs until SIGTERM.
 */
public final class DatabaseMain {

  private DatabaseMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    var options = new MainOptions("FANFARE_POSTGRES", arguments, System.getenv());
    var database =
        EmbeddedDatabase.start(
            new EmbeddedDatabase.Settings(options.dataDirectory(), options.port()));
    Runtime.getRuntime().addShutdownHook(new Thread(database::close, "database-stop"));
    for (var name : options.value("databases").orElse("").split(",", -1)) {
      if (!name.isBlank()) {
        database.createDatabase(name.trim());
      }
    }
    System.out.println("database ready " + database.port() + " " + database.postmasterPid());
    new CountDownLatch(1).await();
  }
}
