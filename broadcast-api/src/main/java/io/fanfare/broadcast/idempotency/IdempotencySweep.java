package io.fanfare.broadcast.idempotency;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Drops idempotency keys past their time, every minute. */
@Component
class IdempotencySweep {

  private static final int MAX_ROUNDS = 50;

  private final IdempotencyRepository repository;

  IdempotencySweep(IdempotencyRepository repository) {
    this.repository = repository;
  }

  @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
  void sweep() {
    int rounds = 0;
    while (repository.sweep() == IdempotencyRepository.SWEEP_ROWS && ++rounds < MAX_ROUNDS) {
      // Each round is a short transaction of its own.
    }
  }
}
