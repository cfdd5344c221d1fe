package io.fanfare.retry.deadletter;

import io.fanfare.retry.broadcast.BroadcastPolicyRepository;
import io.fanfare.retry.due.RetryRepository;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers for how the retries of a broadcast stand. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/retries")
@Tag(name = "Dead letters")
class BroadcastRetriesController {

  private static final String EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10", "waiting": 180, "announced": 12,
       "next_due_at": "2026-11-23T07:01:12.331Z", "dead_letters": {"open": 207}}
      """;

  private final BroadcastPolicyRepository policies;
  private final RetryRepository retries;
  private final DeadLetterRepository deadLetters;

  BroadcastRetriesController(
      BroadcastPolicyRepository policies,
      RetryRepository retries,
      DeadLetterRepository deadLetters) {
    this.policies = policies;
    this.retries = retries;
    this.deadLetters = deadLetters;
  }

  @GetMapping
  @Operation(
      summary = "Retries of a broadcast",
      description = "How many recipients wait for another try, and how its dead letters stand.")
  @ApiResponse(
      responseCode = "200",
      description = "The figures",
      content = @Content(examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  BroadcastRetries get(
      @Parameter(hidden = true) Identity identity, @PathVariable("id") UUID broadcastId) {
    if (policies.find(identity.tenant(), broadcastId).isEmpty()) {
      throw ProblemException.notFound("broadcast", broadcastId);
    }
    RetryRepository.Standing standing = retries.standing(broadcastId);
    return new BroadcastRetries(
        broadcastId,
        standing.waiting(),
        standing.announced(),
        standing.nextDueAt(),
        deadLetters.countByState(broadcastId));
  }
}
