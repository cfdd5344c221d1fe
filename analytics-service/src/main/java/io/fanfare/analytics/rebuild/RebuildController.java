package io.fanfare.analytics.rebuild;

import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes the order to count everything again, and says what came of the last one. */
@RestController
@RequestMapping(RebuildController.PATH)
@RequireRole(Role.OPERATOR)
@Tag(name = "Operations", description = "For the operator alone")
class RebuildController {

  static final String PATH = "/api/v1/operations/analytics/rebuild";

  private static final String RUNNING =
      """
      {"id": "018f6b2a-1c3d-7e4f-8a9b-0c1d2e3f4a5b", "state": "running",
       "started_at": "2026-11-23T07:06:12.331Z", "counted": 120000, "differences": []}
      """;
  private static final String DIFFERS =
      """
      {"id": "018f6b2a-1c3d-7e4f-8a9b-0c1d2e3f4a5b", "state": "differs",
       "started_at": "2026-11-23T07:06:12.331Z", "ended_at": "2026-11-23T07:06:51.007Z",
       "counted": 2400000, "compared_rows": 1804, "compared_broadcasts": 12,
       "sealed_broadcasts": 3, "differing_rows": 2,
       "differences": [
         {"table": "engagement_link", "generation": "live", "row": "(018f6b1e…,email,a,1,f,612,570)"},
         {"table": "engagement_link", "generation": "rebuilt",
          "row": "(018f6b1e…,email,a,1,f,611,570)"}]}
      """;

  private final Rebuilder rebuilder;

  RebuildController(Rebuilder rebuilder) {
    this.rebuilder = rebuilder;
  }

  @PostMapping
  @Operation(
      summary = "Count everything again",
      description =
          "Counts the topics from their beginning into a generation beside the live figures and"
              + " compares every row at the same offsets. When all are equal the new generation"
              + " takes the place of the live one; else the live one stays, and the differences are"
              + " told. Broadcasts older than what the topics hold are sealed: they stay as they"
              + " are. Counting goes on but for the moment of the comparison.")
  @ApiResponse(
      responseCode = "202",
      description = "Begun",
      content = @Content(examples = @ExampleObject(RUNNING)))
  @ApiResponse(responseCode = "409", description = "rebuild_running")
  ResponseEntity<Rebuild> begin() {
    return ResponseEntity.accepted().location(URI.create(PATH)).body(rebuilder.begin());
  }

  @GetMapping
  @Operation(
      summary = "The newest rebuild",
      description =
          "running, swapped, differs, failed, or interrupted when the instance that ran it died.")
  @ApiResponse(
      responseCode = "200",
      description = "How it stands",
      content = @Content(examples = @ExampleObject(DIFFERS)))
  @ApiResponse(responseCode = "404", description = "rebuild_not_found: there never was one")
  Rebuild get() {
    return rebuilder.newest().orElseThrow(() -> ProblemException.notFound("rebuild", "yet"));
  }
}
