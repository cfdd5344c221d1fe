package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.intake.EngagementIntake.Judged;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes what internal systems report of a broadcast's recipients: all of a request or nothing. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/engagement")
@Tag(name = "Engagement", description = "What recipients did, as other systems saw it")
class EngagementIntakeController {

  private static final Logger log = LoggerFactory.getLogger(EngagementIntakeController.class);

  static final int MOST_EVENTS = 1_000;
  static final int MOST_PROBLEMS = 100;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static final String REQUEST =
      """
      {"events": [
        {"event_id": "order-4711", "contact_id": 4711, "channel": "email", "kind": "custom",
         "name": "purchase", "value": 19.99, "at": "2026-11-23T09:12:44Z"},
        {"event_id": "dsn-20261123-17", "contact_id": 4712, "channel": "email", "kind": "bounced",
         "name": "hard"}
      ]}
      """;

  private final EngagementIntake intake;

  EngagementIntakeController(EngagementIntake intake) {
    this.intake = intake;
  }

  /**
   * What happened.
   *
   * @param events 1 to 1,000
   */
  record EngagementReport(@Nullable List<@Nullable ReportedEvent> events) {}

  /**
   * The answer.
   *
   * @param accepted events that will be counted, those repeated by their id once
   */
  record EngagementAccepted(int accepted) {}

  @PostMapping
  @RequireRole(Role.SENDER)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Report what recipients did",
      description =
          "Bounces and complaints that reached another mailbox, replies, and custom events such as a"
              + " purchase with its value. All events are taken or none: 422 names what is wrong"
              + " with each (the first 100), such as a contact to whom nothing of the broadcast was"
              + " sent on the channel. `event_id` is yours: the same one of a broadcast is counted"
              + " once, so a request without an answer can be sent again. The answer comes when the"
              + " events are safe; statistics have them soon after. A hard bounce or a complaint"
              + " puts the address on the suppression list, a complaint opts the contact out as well. 404 `broadcast_not_found` as long as nothing"
              + " was sent, 413 `batch_too_large` for more than 1,000 events, 422 for the 101st name of"
              + " custom events of a broadcast, 503 `not_confirmed` with `Retry-After`.")
  @ApiResponse(
      responseCode = "202",
      description = "All of them are safe",
      content = @Content(examples = @ExampleObject("{\"accepted\": 2}")))
  EngagementAccepted report(
      @Parameter(hidden = true) Identity identity,
      @PathVariable("id") UUID broadcastId,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(REQUEST)))
          @RequestBody
          EngagementReport report) {
    try {
      FiledBroadcast broadcast =
          intake
              .findBroadcast(identity.tenant(), broadcastId)
              .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
      List<EngagementEvent> events = judged(broadcast, events(report));
      intake.publish(events);
      return new EngagementAccepted(events.size());
    } catch (EngagementPublisher.NotConfirmed | DataAccessException | TransactionException e) {
      log.warn("reported events are answered with 503", e);
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "not_confirmed",
          "the events could not be made safe in time; send them again",
          List.of(),
          RETRY_AFTER);
    }
  }

  private static List<ReportedEvent> events(EngagementReport report) {
    if (report.events() == null || report.events().isEmpty()) {
      throw ProblemException.invalid("/events", "has 1 to " + MOST_EVENTS + " events");
    }
    if (report.events().size() > MOST_EVENTS) {
      throw ProblemException.tooLarge(
          "batch_too_large", "at most " + MOST_EVENTS + " events at once");
    }
    List<ReportedEvent> events = new ArrayList<>(report.events().size());
    for (ReportedEvent event : report.events()) {
      if (event == null) {
        throw ProblemException.invalid("/events/" + events.size(), "is null");
      }
      events.add(event);
    }
    return events;
  }

  private List<EngagementEvent> judged(FiledBroadcast broadcast, List<ReportedEvent> reported) {
    List<String> pointers = new ArrayList<>(reported.size());
    for (int i = 0; i < reported.size(); i++) {
      pointers.add("/events/" + i);
    }
    List<Judged> judged = intake.judge(broadcast, reported, pointers);
    refuse(judged.stream().flatMap(each -> each.problems().stream()).toList());
    List<EngagementEvent> events =
        judged.stream().map(each -> Objects.requireNonNull(each.event())).toList();
    Set<String> refused = intake.admitNames(broadcast, events);
    List<FieldProblem> problems = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (refused.contains(String.valueOf(events.get(i).name()))) {
        problems.add(EngagementIntake.noRoom(pointers.get(i)));
      }
    }
    refuse(problems);
    return events;
  }

  private static void refuse(List<FieldProblem> problems) {
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)));
    }
  }
}
