package io.fanfare.dispatch.loop;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.kafka.EventProducer;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a pause when sending on makes no sense, once per broadcast and control epoch, and holds
 * the broadcast's other commands for that account until it is answered: a wrong password is tried a
 * few times, not ten thousand.
 */
final class PauseSignals {

  private static final Logger LOG = LoggerFactory.getLogger(PauseSignals.class);

  /** Producer callbacks run on the producer's own thread, which must not wait for itself. */
  private static final Executor APART = Thread::startVirtualThread;

  private final EventProducer producer;
  private final Clock clock;
  private final AskedPauses asked = new AskedPauses();

  PauseSignals(EventProducer producer, Clock clock) {
    this.producer = producer;
    this.clock = clock;
  }

  /** True until a newer control epoch or a newer version of the account arrives. */
  synchronized boolean holds(BroadcastControl control, UUID accountId, long version) {
    return asked.holds(control.broadcastId(), control.epoch(), accountId, version);
  }

  /**
   * Asks for a pause.
   *
   * @param control the control record that was acted on
   * @param version the version of the account that does not work
   */
  void ask(BroadcastControl control, UUID accountId, long version, StateReason reason) {
    boolean first;
    synchronized (this) {
      first = asked.ask(control.broadcastId(), control.epoch(), accountId, version);
    }
    if (first) {
      LOG.warn("broadcast {} should pause: {}", control.broadcastId(), reason);
      send(
          new BroadcastSignal(
              control.broadcastId(),
              control.tenantId(),
              BroadcastSignal.Signal.PAUSE,
              control.epoch(),
              null,
              reason,
              clock.instant()));
    }
  }

  private void send(BroadcastSignal signal) {
    // Not on the caller's thread: it may hold the window's lock, and the producer may wait.
    APART.execute(() ->
        producer
            .send(Topics.BROADCAST_SIGNAL, signal.broadcastId().toString(), signal)
            .whenComplete((metadata, failure) -> {
              if (failure != null) {
                LOG.warn("the signal is sent again: {}", failure.getMessage());
                send(signal);
              }
            }));
  }
}
