package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.Lease;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.dispatch.lease.LeaseLost;
import io.fanfare.dispatch.ledger.ClaimDecision;
import io.fanfare.dispatch.ledger.ClaimWriter;
import io.fanfare.dispatch.ledger.LedgerRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims commands and hands on those that are ours. For one thread. */
final class ClaimStage {

  private static final Logger LOG = LoggerFactory.getLogger(ClaimStage.class);
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final ClaimWriter writer;
  private final LeaseKeeper leases;
  private final OpenClaims open;
  private final Window window;
  private final DispatchMetrics metrics;
  private final boolean skipClaim;

  /**
   * @param skipClaim for tests alone: sends what is not claimed, so that duplicates can be seen
   */
  ClaimStage(
      ClaimWriter writer,
      LeaseKeeper leases,
      OpenClaims open,
      Window window,
      DispatchMetrics metrics,
      boolean skipClaim) {
    this.writer = writer;
    this.leases = leases;
    this.open = open;
    this.window = window;
    this.metrics = metrics;
    this.skipClaim = skipClaim;
  }

  /** Which outcomes of the previous issue let a command in. */
  static int follows(SendMessage message, @Nullable BroadcastControl control) {
    return ClaimDecision.mask(
        message, control == null ? DeliveryPolicy.NEVER_TWICE : control.policy());
  }

  /**
   * Claims.
   *
   * @return those that are ours; the others have ended, or are back in the window when the lease
   *     was lost
   */
  List<Command> claim(List<Command> commands, BooleanSupplier abandoned) {
    Lease lease = leases.current();
    long batch = lease.openBatch(commands.size());
    open.opened(commands.size());
    metrics.claimBatch(commands.size());
    // Before it is claimed: a new owner of the lane counts from when it has its row, which waits
    // for this claim's transaction.
    long claimedAt = System.nanoTime();
    ClaimWriter.Claimed claimed = write(lease, batch, commands, abandoned);
    if (claimed == null) {
      window.putBack(commands);
      lease.closed(batch, commands.size());
      open.closed(commands.size());
      return List.of();
    }
    if (skipClaim) {
      claimed.ours().set(0, commands.size());
    }
    return keep(commands, claimed, lease, batch, claimedAt);
  }

  private static List<LedgerRow> rows(List<Command> commands) {
    List<LedgerRow> rows = new ArrayList<>(commands.size());
    for (Command command : commands) {
      rows.add(
          new LedgerRow(command.message(), follows(command.message(), command.ready().control())));
    }
    return rows;
  }

  /** Null when the lease was lost: nothing of the batch may be sent. */
  private ClaimWriter.@Nullable Claimed write(
      Lease lease, long batch, List<Command> commands, BooleanSupplier abandoned) {
    List<LedgerRow> rows = rows(commands);
    Map<Lane, Long> epochs = new HashMap<>();
    commands.forEach(command -> epochs.put(command.lane().lane(), command.lane().epoch()));
    boolean repeated = false;
    while (!abandoned.getAsBoolean()) {
      try {
        return writer.claim(lease.incarnation(), batch, rows, epochs, repeated);
      } catch (LeaseLost e) {
        return replaced(lease);
      } catch (SQLException e) {
        DedicatedConnection.throwIfBug(e);
        LOG.warn("{} claims wait for the database: {}", rows.size(), e.getMessage());
        repeated = true;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return null;
  }

  private ClaimWriter.@Nullable Claimed replaced(Lease lease) {
    try {
      leases.replace(lease);
    } catch (SQLException e) {
      LOG.warn("no new incarnation yet: {}", e.getMessage());
    }
    return null;
  }

  private List<Command> keep(
      List<Command> commands,
      ClaimWriter.Claimed claimed,
      Lease lease,
      long batch,
      long claimedAt) {
    List<Command> kept = new ArrayList<>(commands.size());
    List<Command> back = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      if (claimed.ours().get(i)) {
        command.claimed(new Command.Claim(lease, batch, claimedAt));
        kept.add(command);
      } else if (claimed.lost().contains(command.lane().lane())) {
        back.add(command);
      } else {
        window.answered(command, false);
        window.finished(command);
      }
    }
    metrics.claimed(kept.size());
    if (!claimed.lost().isEmpty()) {
      window.putBack(back);
      window.lost(claimed.lost());
      metrics.lanesLost(claimed.lost().size());
      LOG.info("{} lanes are another worker's by now", claimed.lost().size());
    }
    int others = commands.size() - kept.size();
    if (others > 0) {
      lease.closed(batch, others);
      open.closed(others);
      metrics.duplicates(others - back.size());
    }
    return kept;
  }
}
