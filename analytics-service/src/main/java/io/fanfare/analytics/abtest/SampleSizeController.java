package io.fanfare.analytics.abtest;

import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Helps to plan an A/B test: it computes, and keeps nothing. */
@RestController
@RequestMapping("/api/v1/ab-tests/sample-size")
@Tag(name = "A/B tests", description = "Which variant won, and what that stands on")
class SampleSizeController {

  private static final String REQUEST =
      """
      {"baseline": 0.05, "effect": 0.01, "effect_kind": "absolute", "alpha": 0.05, "power": 0.8,
       "looks": 5, "variants": 2}
      """;

  private static final String ANSWER =
      """
      {"per_variant": 8360, "total": 16720, "baseline": 0.05, "rate": 0.06, "effect": 0.01,
       "relative_effect": 0.2, "power": 0.8, "alpha": 0.05, "alpha_per_comparison": 0.05,
       "looks": 5, "variants": 2, "inflation": 1.0247,
       "boundaries": [4.877, 3.357, 2.68, 2.29, 2.031]}
      """;

  @PostMapping
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Sample size of an A/B test",
      description =
          "With an effect: the recipients each variant needs to find it. With a sample instead: the"
              + " smallest effect that it finds (minimal detectable effect). With both: the power."
              + " Rates that converted are compared, two-sided, every variant with the control, with"
              + " looks equally far apart by O'Brien-Fleming boundaries. Nothing is kept.")
  @ApiResponse(
      responseCode = "200",
      description = "What it needs, or finds",
      content = @Content(examples = @ExampleObject(ANSWER)))
  SampleSizeAnswer compute(
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(REQUEST)))
          @RequestBody
          SampleSizeRequest request) {
    SampleSizePlanner planner = new SampleSizePlanner(request);
    if (!planner.problems().isEmpty()) {
      throw ProblemException.invalid(planner.problems());
    }
    return planner.answer();
  }
}
