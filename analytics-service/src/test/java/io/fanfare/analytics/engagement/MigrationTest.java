package io.fanfare.analytics.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.testing.TestInfrastructure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was counted before there were segments is still what is answered. */
class MigrationTest {

  private static final Path CHANGES = Path.of("src/main/resources/db/analytics-service/changes");
  private static final String BROADCAST = "'00000000-0000-0000-0000-000000000001'::uuid";
  private static final String TENANT = "'00000000-0000-0000-0000-000000000002'::uuid";

  @Test
  void addsUpWhatWasCountedByTheMinuteAndTheLink() throws Exception {
    try (var connection = TestInfrastructure.freshDatabase().connect();
        var statement = connection.createStatement()) {
      statement.execute("create schema before; set search_path to before");
      run(statement, "000", "092");
      statement.execute(
          """
          insert into engagement_minute values
            (%1$s, '2026-01-05 07:03Z', 'email', 'a', 'clicked', 1, false, 3, 2),
            (%1$s, '2026-01-05 07:03Z', 'email', 'a', 'clicked', 2, false, 1, 0),
            (%1$s, '2026-01-05 07:03Z', 'telegram', 'b', 'clicked', 1, true, 5, 4),
            (%1$s, '2026-01-05 07:59Z', 'email', 'a', 'clicked', 1, false, 2, 1),
            (%1$s, '2026-01-05 07:58Z', 'email', 'a', 'clicked', 1, false, 0, 0),
            (%1$s, '2026-01-05 08:00Z', 'email', 'a', 'opened', 0, false, 7, 6);
          insert into engagement_week_hour values
            (%1$s, 'email', 'clicked', 1, 9, true, false, 4),
            (%1$s, 'email', 'clicked', 1, 9, false, false, 2),
            (%1$s, 'telegram', 'clicked', 1, 9, true, true, 5);
          insert into engagement_count values
            (%1$s, 'email', 'a', 'clicked', '', false, %2$s, 6, 3, 0, 0);
          insert into recipient_count values
            (%1$s, 'email', 'a', %2$s, 9, 1, 0, 0, 0, 0, 0, now(), now(), 2);
          """
              .formatted(BROADCAST, TENANT));
      run(statement, "092", "093");

      assertThat(
              rows(
                  statement,
                  """
                  select kind, step, to_char(at at time zone 'UTC', 'HH24:MI'), events, recipients,
                    machine_events, machine_recipients
                  from engagement_series order by kind, step, at
                  """))
          .containsExactly(
              "clicked hour 07:00 6 3 5 4",
              "clicked minute 07:03 4 2 5 4",
              "clicked minute 07:59 2 1 0 0",
              "opened hour 08:00 7 6 0 0",
              "opened minute 08:00 7 6 0 0");
      assertThat(
              rows(
                  statement,
                  """
                  select kind, segment, channel, variant, events, recipients, machine_events,
                    machine_recipients
                  from engagement_hour order by kind, channel
                  """))
          .containsExactly(
              "clicked 0 email a 6 3 0 0",
              "clicked 0 telegram b 0 0 5 4",
              "opened 0 email a 7 6 0 0");
      assertThat(
              rows(
                  statement,
                  """
                  select channel, variant, link, events, recipients, machine_events,
                    machine_recipients
                  from engagement_link_hour order by channel, link
                  """))
          .containsExactly("email a 1 5 3 0 0", "email a 2 1 0 0 0", "telegram b 1 0 0 5 4");
      assertThat(
              rows(
                  statement,
                  "select weekday, hour, events, machine_events, without_zone from engagement_week"))
          .containsExactly("1 9 6 5 2");
      assertThat(
              rows(
                  statement,
                  """
                  select r.segment, r.sent, r.failed, r.fell_back, e.events, e.recipients
                  from recipient_segment r join engagement_segment e using (broadcast_id, segment)
                  """))
          .containsExactly("0 9 1 2 6 3");
    }
  }

  private static void run(Statement statement, String from, String until)
      throws IOException, SQLException {
    try (var files = Files.list(CHANGES)) {
      for (var file : files.sorted().toList()) {
        var name = file.getFileName().toString();
        if (name.compareTo(from) >= 0 && name.compareTo(until) < 0) {
          statement.execute(Files.readString(file));
        }
      }
    }
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    var rows = new ArrayList<String>();
    try (var result = statement.executeQuery(sql)) {
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(result.getString(column));
        }
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }
}
