package io.fanfare.audience.freeze;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Instant;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door what a freeze would decide now. */
@RestController
@Hidden
@RequireRole(Role.VIEWER)
class DryRunController {

  private final DryRunner runner;

  DryRunController(DryRunner runner) {
    this.runner = runner;
  }

  /**
   * @param control the broadcast as it would start, written as an event
   */
  @PostMapping("/internal/v1/dry-runs")
  DryRun run(
      Identity who,
      @RequestParam(name = "starts_at") Instant startsAt,
      @RequestBody byte[] control) {
    BroadcastControl broadcast = EventCodec.decode(BroadcastControl.class, control);
    if (!broadcast.tenantId().equals(who.tenant())) {
      throw ProblemException.notFound("broadcast", broadcast.broadcastId());
    }
    return runner.run(broadcast, startsAt);
  }
}
