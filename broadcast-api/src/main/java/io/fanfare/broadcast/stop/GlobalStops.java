package io.fanfare.broadcast.stop;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stops all sending and lets it go on. No broadcast's state changes by it: what ran runs on once it
 * is lifted.
 */
@Service
public class GlobalStops {

  private static final String RESOURCE = "global_stop";

  private final GlobalStopRepository repository;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  GlobalStops(GlobalStopRepository repository, Outbox outbox, AuditTrail audit, Clock clock) {
    this.repository = repository;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  GlobalStopView get() {
    return repository.find();
  }

  /** Why a running broadcast stands still, when it does. */
  public Optional<StateReason> reason() {
    return repository.reason().map(reason -> new StateReason("global_stop", reason));
  }

  /** Stops, or says another reason. */
  @Transactional
  GlobalStopView stop(Identity operator, String reason) {
    return change(operator, "stop", reason.strip());
  }

  @Transactional
  GlobalStopView lift(Identity operator) {
    return change(operator, "lift", null);
  }

  private GlobalStopView change(Identity operator, String action, @Nullable String reason) {
    GlobalStopView before = repository.lock();
    if (Objects.equals(before.reason(), reason)) {
      return before;
    }
    long epoch = repository.change(reason, operator.actor());
    outbox.publish(
        Topics.BROADCAST_CONTROL,
        GlobalStop.KEY,
        new GlobalStop(
            epoch, reason != null, reason, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    GlobalStopView after = repository.find();
    audit.record(operator, action, RESOURCE, GlobalStop.KEY, audited(before), audited(after));
    return after;
  }

  private static Map<String, Object> audited(GlobalStopView stop) {
    return stop.reason() == null
        ? Map.of("stopped", false)
        : Map.of("stopped", true, "reason", stop.reason());
  }
}
