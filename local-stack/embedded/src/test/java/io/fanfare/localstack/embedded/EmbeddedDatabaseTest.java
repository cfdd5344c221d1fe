package io.fanfare.localstack.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

  @TempDir Path folder;

  @Test
  void committedRowsSurviveARestart() throws Exception {
    int port;
    try (var database = EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data()))) {
      port = database.port();
      database.createDatabase("fanfare");
      database.createDatabase("fanfare");
      assertThatThrownBy(() -> database.createDatabase("a; drop database postgres"))
          .isInstanceOf(IllegalArgumentException.class);
      execute(database.jdbcUrl("fanfare"), "create table note as select 'kept' as text");
      assertThat(query(database.jdbcUrl("fanfare"), "show fsync")).isEqualTo("on");
      assertThat(query(database.jdbcUrl("fanfare"), "show synchronous_commit")).isEqualTo("on");
      assertThat(query(database.jdbcUrl("fanfare"), "show listen_addresses"))
          .isEqualTo("127.0.0.1");
      assertThat(query(database.jdbcUrl("fanfare"), "select lower('ÄÖЖ')")).isEqualTo("äöж");
    }
    try (var database = EmbeddedDatabase.start(new EmbeddedDatabase.Settings(data(), port))) {
      assertThat(query(database.jdbcUrl("fanfare"), "select text from note")).isEqualTo("kept");
      assertThat(ProcessHandle.of(database.postmasterPid())).isPresent();
    }
  }

  @Test
  void stopsTheServerThatOutlivedItsJvm() throws Exception {
    long orphan;
    int port;
    try (var process =
        JavaProcess.start(DatabaseMain.class, "--data-dir=" + data(), "--databases=fanfare")) {
      var ready = process.awaitLine("database ready ").split(" ");
      port = Integer.parseInt(ready[2]);
      orphan = Long.parseLong(ready[3]);
      assertThatThrownBy(() -> EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data())))
          .hasStackTraceContaining("in use by another process");
      execute(url(port), "create table note as select 'kept' as text");
      process.kill();
    }
    assertThat(ProcessHandle.of(orphan)).as("the server lives on").isPresent();
    try (var database = EmbeddedDatabase.start(new EmbeddedDatabase.Settings(data(), port))) {
      assertThat(ProcessHandle.of(orphan)).isEmpty();
      assertThat(query(database.jdbcUrl("fanfare"), "select text from note")).isEqualTo("kept");
    }
  }

  @Test
  void recoversWhenTheServerItselfWasKilled() throws Exception {
    var killed = EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data()));
    killed.createDatabase("fanfare");
    execute(killed.jdbcUrl("fanfare"), "create table note as select 'kept' as text");
    var postmaster = ProcessHandle.of(killed.postmasterPid()).orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().get();
    killed.close();
    try (var database = EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data()))) {
      assertThat(query(database.jdbcUrl("fanfare"), "select text from note")).isEqualTo("kept");
    }
  }

  @Test
  void ignoresAProcessIdThatNowBelongsToAnotherProgram() throws Exception {
    try (var database = EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data()))) {
      database.createDatabase("fanfare");
    }
    Files.writeString(data().resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");
    try (var database = EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(data()))) {
      assertThat(query(database.jdbcUrl("fanfare"), "select 'alive'")).isEqualTo("alive");
    }
  }

  @Test
  void stopsOnSigterm() throws Exception {
    try (var process = JavaProcess.start(DatabaseMain.class, "--data-dir=" + data())) {
      var pid = Long.parseLong(process.awaitLine("database ready ").split(" ")[3]);
      assertThat(process.terminate()).isEqualTo(143);
      assertThat(ProcessHandle.of(pid)).isEmpty();
    }
  }

  private Path data() {
    return folder.resolve("postgresql");
  }

  private static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/fanfare";
  }

  private static void execute(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url, "postgres", "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url, "postgres", "");
        var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      found.next();
      return found.getString(1);
    }
  }
}
