package io.fanfare.broadcast.broadcast;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/broadcasts/{id}/dry-run}. */
@RestController
@Tag(name = "Broadcasts", description = "Content + audience + time + policy.")
class DryRunController {

  private static final String EXAMPLE =
      """
      {"broadcast_id": "018f0000-0000-7000-8000-000000000051", "state": "draft", \
      "starts_at": "2026-05-01T09:00:00Z", "contacts": 1000, "messages": 930, \
      "skipped": {"no_address": 50, "opted_out": 20}, "put_off": 30, \
      "put_off_until": "2026-05-01T09:30:00Z", \
      "channels": {"email": {"reachable": 930, "skipped": {"no_address": 50, "opted_out": 20}, \
      "put_off": 30, "rate_per_second": 10.0, "ahead": 400, "estimated_seconds": 133}}, \
      "variants": {"a": {"email": 930}}, "missing_variables": {"contact.name": 12}, \
      "estimated_seconds": 1805, "estimated_end_at": "2026-05-01T09:30:05Z", \
      "bounded_by": "quiet_hours", "media": [], "warnings": [{"code": "missing_variable", \
      "detail": "12 recipients have no contact.name"}]}\
      """;

  private final DryRuns dryRuns;

  DryRunController(DryRuns dryRuns) {
    this.dryRuns = dryRuns;
  }

  @PostMapping("/api/v1/broadcasts/{id}/dry-run")
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Try a broadcast out",
      description =
          "Who would get it, who would be skipped and why, how long it would take, and what to be"
              + " warned of, as the freeze and the release would decide now; changes nothing and"
              + " reserves nothing. The estimate follows from the limits of the accounts, what"
              + " running broadcasts still send on them, the rates of broadcast and tenant, quiet"
              + " hours and the test. 409 illegal_state unless it is a draft or scheduled; 422 when"
              + " a setting or its audience cannot be used; 503 dry_run_too_slow after 25 s; 429"
              + " too_many_dry_runs while others go on.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  DryRunAnswer run(Identity who, @PathVariable UUID id) {
    return dryRuns.run(who.tenant(), id);
  }
}
