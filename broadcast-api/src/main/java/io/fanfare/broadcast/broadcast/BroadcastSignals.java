package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.support.identity.Identity;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Does what other services ask for, as far as it still makes sense. */
@Component
class BroadcastSignals {

  private static final Logger log = LoggerFactory.getLogger(BroadcastSignals.class);

  private final BroadcastRepository repository;
  private final BroadcastMoves moves;

  BroadcastSignals(BroadcastRepository repository, BroadcastMoves moves) {
    this.repository = repository;
    this.moves = moves;
  }

  /** All of them or, when one throws, none. */
  @Transactional
  void apply(List<BroadcastSignal> signals) {
    signals.forEach(this::apply);
  }

  private void apply(BroadcastSignal signal) {
    Optional<Broadcast> found = repository.lock(signal.tenantId(), signal.broadcastId());
    if (found.isEmpty()) {
      log.info("signal {} for unknown broadcast {}", signal.signal(), signal.broadcastId());
      return;
    }
    Broadcast broadcast = found.get();
    Identity system = Identity.system(broadcast.tenantId());
    switch (SignalDecision.decide(broadcast, signal)) {
      case SignalDecision.Ignore ignored ->
          log.info(
              "signal {} for broadcast {} ignored: {}",
              signal.signal(),
              broadcast.id(),
              ignored.why());
      case SignalDecision.StorePlanned frozen ->
          repository.updateState(broadcast.withPlanned(frozen.planned()));
      case SignalDecision.Complete complete ->
          moves.move(system, broadcast, BroadcastAction.COMPLETE, null);
      case SignalDecision.Pause pause ->
          moves.move(system, broadcast, BroadcastAction.PAUSE, pause.reason());
      case SignalDecision.DecideWinner decided ->
          moves.decideWinner(system, broadcast, decided.variant());
      case SignalDecision.Fail fail ->
          moves.move(system, broadcast, BroadcastAction.FAIL, fail.reason());
    }
  }
}
