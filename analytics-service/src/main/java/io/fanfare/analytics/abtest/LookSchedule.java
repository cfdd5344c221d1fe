package io.fanfare.analytics.abtest;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has the looks taken that are due. Any number of instances may do so at once. */
@Component
class LookSchedule {

  private static final Logger log = LoggerFactory.getLogger(LookSchedule.class);

  /** Looks taken in one go; what is left waits for the next. */
  static final int MOST = 20;

  private final AbTests tests;

  LookSchedule(AbTests tests) {
    this.tests = tests;
  }

  @Scheduled(fixedDelayString = "${fanfare.analytics.look-interval:PT1S}")
  void takeDue() {
    List<UUID> failed = new ArrayList<>();
    for (int taken = 0; taken < MOST; taken++) {
      List<UUID> begun = new ArrayList<>(1);
      try {
        if (!tests.lookAtNext(failed, begun::add)) {
          return;
        }
      } catch (RuntimeException e) {
        // One test that cannot be looked at must not keep the others from their looks.
        log.error("look at the test of broadcast {} failed, trying again later", begun, e);
        if (begun.isEmpty()) {
          return;
        }
        failed.addAll(begun);
      }
    }
  }
}
