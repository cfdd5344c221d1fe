package io.fanfare.dispatch.control;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest control record of every broadcast that has not ended, and of those that ended last, as
 * many as fit into {@value #ENDED} records and {@value #ENDED_BYTES} bytes. Written by one thread,
 * read by all.
 */
public final class ControlTable {

  private static final int ENDED = 10_000;
  private static final long ENDED_BYTES = 32_000_000;

  private final Map<UUID, BroadcastControl> controls = new ConcurrentHashMap<>();
  private final LinkedHashMap<UUID, Integer> ended = new LinkedHashMap<>();
  private long endedBytes;
  private final Consumer<UUID> forgotten;
  private volatile long changes;
  private volatile GlobalStop stop = GlobalStop.NONE;

  /**
   * @param forgotten told of which broadcasts nothing more is needed
   */
  ControlTable(Consumer<UUID> forgotten) {
    this.forgotten = forgotten;
  }

  /**
   * @param bytes the size of the record
   */
  void accept(BroadcastControl control, int bytes) {
    UUID id = control.broadcastId();
    BroadcastControl known = controls.get(id);
    if (known != null && known.epoch() > control.epoch()) {
      return;
    }
    controls.put(id, control);
    forgetEnd(id);
    if (control.state().isTerminal()) {
      ended.put(id, bytes);
      endedBytes += bytes;
      while (ended.size() > ENDED || endedBytes > ENDED_BYTES) {
        UUID eldest = ended.firstEntry().getKey();
        forgetEnd(eldest);
        controls.remove(eldest);
        forgotten.accept(eldest);
      }
    }
    if (control.state().endsSending()) {
      forgotten.accept(id);
    }
    changed();
  }

  void accept(GlobalStop newer) {
    if (newer.epoch() >= stop.epoch()) {
      stop = newer;
      changed();
    }
  }

  /** The operator has stopped all sending. */
  public boolean stopped() {
    return stop.stopped();
  }

  private void forgetEnd(UUID id) {
    Integer bytes = ended.remove(id);
    endedBytes -= bytes == null ? 0 : bytes;
  }

  void remove(UUID broadcastId) {
    controls.remove(broadcastId);
    forgetEnd(broadcastId);
    forgotten.accept(broadcastId);
    changed();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void changed() {
    changes++;
  }

  /** The control record of a broadcast, if it is known. */
  public @Nullable BroadcastControl find(UUID broadcastId) {
    return controls.get(broadcastId);
  }

  /** The ledger days of the broadcasts that have not ended. */
  public Map<UUID, LocalDate> unfinished() {
    Map<UUID, LocalDate> days = new HashMap<>();
    controls.forEach((id, control) -> {
      if (!control.state().isTerminal()) {
        days.put(id, control.ledgerDay());
      }
    });
    return days;
  }

  /** No message of the broadcast will be sent any more. */
  boolean endedSending(UUID broadcastId) {
    BroadcastControl control = controls.get(broadcastId);
    return control != null && control.state().endsSending();
  }

  /** Grows with every change, so that one can see whether anything changed. */
  public long changes() {
    return changes;
  }
}
