package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The epochs under which this worker owns lanes, those used last, so that a lane without a command
 * need not be asked for again. For one thread at a time.
 */
final class LaneEpochs {

  static final int MOST = 10_000;

  private final Map<Lane, Long> epochs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Lane, Long> eldest) {
          return size() > MOST;
        }
      };

  void own(Lane lane, long epoch) {
    epochs.put(lane, epoch);
  }

  void lose(Lane lane) {
    epochs.remove(lane);
  }

  /** The epoch, or 0 for a lane that is not ours as far as is known here: its row is asked. */
  long of(Lane lane) {
    return epochs.getOrDefault(lane, 0L);
  }
}
