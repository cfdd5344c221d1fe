package io.fanfare.dispatch.control;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest control record of every broadcast that may still send, and of the {@value #ENDED} that
 * ended last. Written by one thread, read by all.
 */
public final class ControlTable {

  private static final int ENDED = 10_000;

  private final Map<UUID, BroadcastControl> controls = new ConcurrentHashMap<>();
  private final LinkedHashSet<UUID> ended = new LinkedHashSet<>();
  private final Consumer<UUID> forgotten;
  private volatile long changes;
  private volatile GlobalStop stop = GlobalStop.NONE;

  /**
   * @param forgotten told which broadcasts are dropped
   */
  ControlTable(Consumer<UUID> forgotten) {
    this.forgotten = forgotten;
  }

  void accept(BroadcastControl control) {
    BroadcastControl known = controls.get(control.broadcastId());
    if (known != null && known.epoch() > control.epoch()) {
      return;
    }
    controls.put(control.broadcastId(), control);
    ended.remove(control.broadcastId());
    if (control.state().isTerminal()) {
      ended.add(control.broadcastId());
      if (ended.size() > ENDED) {
        Iterator<UUID> eldest = ended.iterator();
        UUID dropped = eldest.next();
        eldest.remove();
        controls.remove(dropped);
        forgotten.accept(dropped);
      }
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

  void remove(UUID broadcastId) {
    controls.remove(broadcastId);
    ended.remove(broadcastId);
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

  /** Grows with every change, so that one can see whether anything changed. */
  public long changes() {
    return changes;
  }
}
