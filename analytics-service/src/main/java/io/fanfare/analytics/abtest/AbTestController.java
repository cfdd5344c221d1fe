package io.fanfare.analytics.abtest;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows A/B tests and takes the decision of a person. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/ab-test")
@Tag(name = "A/B tests", description = "Which variant won, and what that stands on")
class AbTestController {

  private static final String EXAMPLE =
      """
      {
        "broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
        "state": "decided",
        "plan": {
          "variants": [{"id": "a", "name": "Short subject", "percent": 10},
            {"id": "b", "name": "Long subject", "percent": 10}],
          "hold_back_percent": 80, "channel": "email", "metric": "click",
          "looks": [0.5, 1.0], "duration": "PT4H", "minimum_sample": 1000, "alpha": 0.05,
          "decision": "auto", "fallback": "a"},
        "started_at": "2026-11-23T07:00:00Z",
        "power": {"recipients": 9931, "baseline": 0.03, "baseline_from": "default", "lift": 0.2,
          "lift_from": "default", "power": 0.656, "detectable_effect": 0.0072,
          "detectable_lift": 0.239, "needed_per_variant": 13966},
        "warnings": [{"code": "ab_test_underpowered",
          "detail": "with 9,931 recipients of a variant a lift of 20.0 % over a rate of 3.00 % is\
       found with a probability of 65.6 %; the smallest lift found with 80 % is 23.9 %, and 13,966\
       of each variant would be needed"}],
        "variants": [
          {"variant": "a", "name": "Short subject", "percent": 10, "sent": 10000, "unsent": 0,
            "converted": 500, "rate": 0.05},
          {"variant": "b", "name": "Long subject", "percent": 10, "sent": 10000, "unsent": 0,
            "converted": 640, "rate": 0.064}],
        "detectable_effect": 0.0090,
        "sample_ratio": {"chi_square": 0.0, "p_value": 1.0, "mismatch": false,
          "sending": false},
        "comparisons": [{"variant": "b", "difference": 0.014, "low": 0.0075, "high": 0.0205,
          "z": 4.27, "boundary": 1.97, "p_value": 0.000021, "adjusted_p_value": 0.000021}],
        "looks": [{
          "look": 1, "fraction": 0.5, "at": "2026-11-23T09:00:00.412Z", "verdict": "winner",
          "reason": "significant", "information": 1172.3,
          "sample_ratio": {"chi_square": 0.0, "p_value": 1.0, "mismatch": false,
          "sending": false},
          "variants": [
            {"variant": "a", "name": "Short subject", "percent": 10, "sent": 10000, "unsent": 0,
              "converted": 480, "rate": 0.048},
            {"variant": "b", "name": "Long subject", "percent": 10, "sent": 10000, "unsent": 0,
              "converted": 625, "rate": 0.0625}],
          "comparisons": [{"variant": "b", "difference": 0.0145, "low": 0.0049, "high": 0.0242,
            "z": 4.49, "boundary": 2.963, "p_value": 0.0021, "adjusted_p_value": 0.0021,
            "significant": true}]}],
        "winner": "b",
        "decided_by": "winner",
        "decided_at": "2026-11-23T09:00:00.412Z",
        "decided_actor": "system"
      }
      """;

  private final AbTests tests;
  private final AbTestReader reader;

  AbTestController(AbTests tests, AbTestReader reader) {
    this.tests = tests;
    this.reader = reader;
  }

  @GetMapping
  @Operation(
      summary = "An A/B test",
      description =
          "The plan, the figures of every variant now, and every look with all it used. Figures may"
              + " be read at any time; a winner is found at the declared looks alone, which share"
              + " alpha. Known soon after the broadcast has started; 404 for a broadcast without a"
              + " test.")
  @ApiResponse(
      responseCode = "200",
      description = "The test as of one moment",
      content = @Content(examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", description = "ab_test_not_found")
  AbTestResults get(
      @Parameter(hidden = true) Identity identity, @PathVariable("id") UUID broadcastId) {
    return shown(identity, broadcastId);
  }

  @PostMapping("/decision")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Decide an A/B test",
      description =
          "The hold-back gets this variant, whatever the figures say; no further look is taken."
              + " Needs the role sender.")
  @ApiResponse(
      responseCode = "200",
      description = "Decided",
      content = @Content(examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", description = "ab_test_not_found")
  @ApiResponse(responseCode = "409", description = "ab_test_decided, ab_test_cancelled")
  AbTestResults decide(
      @Parameter(hidden = true) Identity identity,
      @PathVariable("id") UUID broadcastId,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject("{\"variant\": \"b\"}")))
          @Valid
          @RequestBody
          AbTestDecision decision) {
    tests.decide(identity, broadcastId, decision.chosen());
    return shown(identity, broadcastId);
  }

  private AbTestResults shown(Identity identity, UUID broadcastId) {
    return reader
        .find(identity.tenant(), broadcastId)
        .orElseThrow(() -> ProblemException.notFound("ab_test", broadcastId));
  }

  /**
   * What somebody decided.
   *
   * @param variant the variant the hold-back gets
   */
  record AbTestDecision(
      @NotNull(message = "is missing") @Size(max = 20, message = "is too long")
          @Nullable String variant) {

    String chosen() {
      return variant == null ? "" : variant;
    }
  }
}
