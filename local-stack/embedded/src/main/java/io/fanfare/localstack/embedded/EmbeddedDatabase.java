package io.fanfare.localstack.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own server as a process beside this JVM, on the loopback interface only, where it
 * trusts everybody. What was committed survives everything, also the death of JVM and server; a
 * server that outlived its JVM is stopped at the next start.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final String SUPERUSER = "postgres";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Duration START_WITH_RECOVERY = Duration.ofSeconds(120);
  private static final Duration STOP_WITH_CHECKPOINT = Duration.ofSeconds(60);
  private static final long LOG_BYTES_KEPT = 8L << 20;

  private final EmbeddedPostgres server;
  private final Postmaster postmaster;
  private final long pid;

  /**
   * @param dataDirectory initialised when missing, used again when it holds a cluster; the server's
   *     log is written beside it
   * @param port 1–65535, or 0 for one chosen before the start
   */
  public record Settings(Path dataDirectory, int port) {

    public Settings {
      FreePort.checked(port);
    }

    public static Settings in(Path dataDirectory) {
      return new Settings(dataDirectory, 0);
    }
  }

  private EmbeddedDatabase(EmbeddedPostgres server, Postmaster postmaster, long pid) {
    this.server = server;
    this.postmaster = postmaster;
    this.pid = pid;
  }

  /**
   * Returns when queries are answered.
   *
   * @throws IllegalStateException when another live JVM uses the directory, or the server does not
   *     start
   */
  public static EmbeddedDatabase start(Settings settings) {
    var directory = settings.dataDirectory().toAbsolutePath();
    var postmaster = new Postmaster(directory);
    postmaster.stopAbandoned(STOP_WITH_CHECKPOINT);
    try {
      Files.createDirectories(directory);
      var log = Redirect.appendTo(logFile(directory).toFile());
      var server = configured(directory, settings, log).start();
      return new EmbeddedDatabase(server, postmaster, postmaster.pid().orElseThrow());
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "PostgreSQL did not start; see "
              + logFile(directory)
              + ". Run by root it needs a user namespace (unshare -U); where that is forbidden, run as another user.",
          e);
    }
  }

  /**
   * Stops the server of a data directory whose JVM is gone.
   *
   * @throws IllegalStateException when a live JVM uses the directory
   */
  public static void stopAbandoned(Path dataDirectory) {
    new Postmaster(dataDirectory.toAbsolutePath()).stopAbandoned(STOP_WITH_CHECKPOINT);
  }

  private static EmbeddedPostgres.Builder configured(
      Path directory, Settings settings, Redirect log) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory)
        .setCleanDataDirectory(false)
        // The owner closes in its own order: services first.
        .setRegisterShutdownHook(false)
        .setOverrideWorkingDirectory(binaries())
        .setPort(FreePort.orChosen(settings.port()))
        .setPGStartupWait(START_WITH_RECOVERY)
        .setOutputRedirector(log)
        .setErrorRedirector(log)
        .setLocaleConfig("locale-provider", "builtin")
        .setLocaleConfig("builtin-locale", "C.UTF-8")
        .setLocaleConfig("locale", "C")
        // The library turns both off; a ledger that forgets commits would be worse than none.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("max_connections", "200")
        .setServerConfig("listen_addresses", "127.0.0.1")
        // No socket file outside the data directory, so that any number of servers can run beside
        // each other.
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("shared_buffers", "128MB")
        // Who scans a large table copies its pages itself, and so has them in its processor's cache
        // (docs/adr/024-segments.md): more buffers keep pages away from it, and processes that read
        // for others leave them in another's.
        .setServerConfig("io_method", "sync")
        .setServerConfig("max_wal_size", "2GB")
        .setServerConfig("jit", "off");
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  /** The superuser; any password is accepted. */
  public String username() {
    return SUPERUSER;
  }

  public int port() {
    return server.getPort();
  }

  /** The operating system's id of the server's first process, for tests that kill it. */
  public long postmasterPid() {
    return pid;
  }

  /**
   * Creates the database unless it exists.
   *
   * @param name 1–63 of a–z, 0–9 and _
   */
  public void createDatabase(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a database name: " + name);
    }
    try (var connection = connect("postgres");
        var existing = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
      existing.setString(1, name);
      if (!existing.executeQuery().next()) {
        // A name cannot be a parameter here; the pattern above leaves nothing to escape.
        connection.createStatement().execute("create database " + name);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot create database " + name, e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, "");
  }

  /** Ends all sessions, writes a checkpoint and stops; returns when the process is gone. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The library waits 5 s only, and a checkpoint may take longer.
    postmaster.awaitEnd(pid, STOP_WITH_CHECKPOINT);
  }

  private static Path logFile(Path directory) throws UncheckedIOException {
    var file = directory.resolveSibling(directory.getFileName() + ".log");
    try {
      if (Files.exists(file) && Files.size(file) > LOG_BYTES_KEPT) {
        Files.delete(file);
      }
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A cache of the user's own: a shared temporary folder is emptied under long runs and owned by
   * whoever came first.
   */
  private static File binaries() {
    var home =
        new File(System.getProperty("user.home", "/nonexistent"), ".cache/fanfare/postgresql");
    if (home.isDirectory() || home.mkdirs()) {
      return home;
    }
    return new File(
        System.getProperty("java.io.tmpdir"),
        "fanfare-postgresql-" + System.getProperty("user.name"));
  }
}
