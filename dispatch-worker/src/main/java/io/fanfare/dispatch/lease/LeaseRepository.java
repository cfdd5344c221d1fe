package io.fanfare.dispatch.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The rows of incarnations and their leases. */
final class LeaseRepository {

  private LeaseRepository() {}

  static Incarnation begin(Connection connection, UUID id, String worker) throws SQLException {
    String sql =
        """
        with born as (insert into incarnation (id, worker) values (?, ?) returning number)
        insert into lease (incarnation) select number from born returning incarnation
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.setString(2, worker);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Incarnation(row.getLong(1), id);
      }
    }
  }

  /** False when somebody has ended the incarnation. */
  static boolean renew(Connection connection, Lease lease) throws SQLException {
    String sql =
        """
        update lease set renewed = renewed + 1, open_from_batch = ?, published_up_to = ?
        where incarnation = ? and exists (
          select 1 from incarnation where number = lease.incarnation and ended_at is null)
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, lease.openFromBatch());
      statement.setLong(2, lease.publishedUpTo());
      statement.setLong(3, lease.incarnation().number());
      return statement.executeUpdate() == 1;
    }
  }

  static void end(Connection connection, Incarnation incarnation, boolean settled)
      throws SQLException {
    String sql =
        """
        update incarnation
        set ended_at = now(), ended_by = number, settled_at = case when ? then now() end
        where number = ? and ended_at is null
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBoolean(1, settled);
      statement.setLong(2, incarnation.number());
      statement.executeUpdate();
    }
  }
}
