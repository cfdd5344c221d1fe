package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Counts a broadcast's recipients anew from the rows of the ledger, to hold against its counters.
 */
final class LedgerRecount {

  // A returned command leaves its recipient where it was, so the last other result says where it
  // is.
  private static final String LAST_RESULTS =
      """
      select case outcome when 1 then 'sent' when 2 then 'failed' when 3 then 'dead'
                          when 4 then 'retrying' when 5 then 'retrying' when 6 then 'in_doubt'
                          when 8 then 'skipped' when 9 then 'cancelled' when 10 then 'fell_back' end as bucket,
             count(*)
      from (select distinct on (contact_id, channel) outcome from dispatch_worker.result
            where broadcast_id = ? and outcome <> 7
            order by contact_id, channel, issue desc) as last
      group by 1
      """;

  private static final String SKIPPED_BEFORE =
      "select coalesce(sum(cardinality(contact_ids)), 0) from audience_service.skipped"
          + " where broadcast_id = ?";

  private final Map<String, Long> counts;

  private LedgerRecount(Map<String, Long> counts) {
    this.counts = counts;
  }

  static LedgerRecount of(SharedStack shared, String broadcast) {
    UUID id = UUID.fromString(broadcast);
    Map<String, Long> counts = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection(shared.stack().databaseUrl());
        PreparedStatement results = connection.prepareStatement(LAST_RESULTS);
        PreparedStatement skipped = connection.prepareStatement(SKIPPED_BEFORE)) {
      results.setObject(1, id);
      try (ResultSet rows = results.executeQuery()) {
        while (rows.next()) {
          counts.put(rows.getString(1), rows.getLong(2));
        }
      }
      skipped.setObject(1, id);
      try (ResultSet rows = skipped.executeQuery()) {
        rows.next();
        counts.merge("skipped", rows.getLong(1), Long::sum);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new LedgerRecount(counts);
  }

  /** Holds the counters of a reading against the rows. */
  void mustEqual(JsonNode progress) {
    for (String bucket :
        new String[] {"sent", "failed", "dead", "in_doubt", "retrying", "skipped"}) {
      assertThat(progress.get(bucket).asLong())
          .as("%s in %s against the ledger's rows %s", bucket, progress, counts)
          .isEqualTo(counts.getOrDefault(bucket, 0L));
    }
  }
}
