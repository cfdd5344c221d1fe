package io.fanfare.benchmark.asking;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has PostgreSQL write the plan of every statement of analytics to its log, with times and buffers
 * ({@code auto_explain}), and reads them there.
 */
final class PlanLog {

  private static final Pattern ENTRY =
      Pattern.compile("LOG:  duration: ([0-9.]+) ms  plan:\\n((?:\\t.*\\n)+)");
  private static final Pattern OF_ANALYTICS =
      Pattern.compile(
          "\\b(engagement_\\w+|recipient_\\w+|attempt_count|cause_count|minute_count|audience_part)\\b");

  private final Path log;
  private long read;

  PlanLog(Path log) {
    this.log = log;
  }

  /** Turns it on for sessions to come; those there are end. */
  void turnOn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String setting :
          List.of(
              "session_preload_libraries = 'auto_explain'",
              "auto_explain.log_min_duration = 0",
              "auto_explain.log_analyze = on",
              "auto_explain.log_buffers = on",
              "auto_explain.log_timing = off")) {
        statement.execute("alter database fanfare set " + setting);
      }
      statement.execute(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = 'fanfare' and pid <> pg_backend_pid()
          """);
    }
  }

  /** The statements of analytics with their plans since it was asked last. */
  List<String> sinceLast() throws IOException {
    List<String> plans = new ArrayList<>();
    Matcher entry = ENTRY.matcher(tail());
    while (entry.find()) {
      String text = entry.group(2);
      if (OF_ANALYTICS.matcher(text).find() && !text.contains("insert into")) {
        String plan = text.indent(-1).indent(4).stripTrailing();
        plans.add("  %s ms in the database%n%s".formatted(entry.group(1), plan));
      }
    }
    return plans;
  }

  private String tail() throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.max(0, file.length() - read)];
      file.seek(read);
      file.readFully(bytes);
      read += bytes.length;
      return new String(bytes, StandardCharsets.UTF_8) + "\n";
    }
  }
}
