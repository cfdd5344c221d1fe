package io.fanfare.broadcast.schedule;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Looks at schedules before they are used. */
@RestController
@RequestMapping("/api/v1/schedules")
@Tag(name = "Recurring broadcasts", description = "Broadcasts that come again and again")
class ScheduleController {

  /** How many times are shown of a schedule. */
  static final int SHOWN = 10;

  private static final String SCHEDULE =
      """
      {"cron": "30 2 * * SUN", "zone": "Europe/Berlin", "starts_at": "2027-03-20T00:00:00Z", \
      "max_fires": 2}\
      """;
  private static final String TIMES =
      """
      {"next_fires": [{"at": "2027-03-21T01:30:00Z", "local": "2027-03-21T02:30:00+01:00"}, \
      {"at": "2027-03-28T01:00:00Z", "local": "2027-03-28T03:00:00+02:00"}]}\
      """;

  private final Clock clock;

  ScheduleController(Clock clock) {
    this.clock = clock;
  }

  @PostMapping("/preview")
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Look at the times of a schedule",
      description =
          "The next ten. Nothing is kept. 422 with a pointer for an expression that cannot be read,"
              + " never comes, or comes more often than every five minutes.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(SCHEDULE))))
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(TIMES)))
  SchedulePreview preview(Identity who, @RequestBody ScheduleChoice schedule) {
    Instant now = clock.instant();
    List<FieldProblem> problems = ScheduleRules.problems("", schedule, now);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    int most = schedule.maxFires() == null ? SHOWN : Math.min(SHOWN, schedule.maxFires());
    return new SchedulePreview(FireTime.upcoming(FireTimes.of(schedule), now, most));
  }
}
