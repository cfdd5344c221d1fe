package io.fanfare.retry.doubt;

import io.fanfare.retry.broadcast.BroadcastPolicyRepository;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists the recipients of a broadcast that are in doubt. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/in-doubt")
@Tag(name = "Dead letters")
class InDoubtController {

  private static final String EXAMPLE =
      """
      {"items": [{"contact_id": 4711, "channel": "email", "variant": "a", "issue": 1, "attempt": 1,
        "at": "2026-11-23T07:06:12.331Z", "lane": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e11:3",
        "cause": {"code": "worker_lost",
          "detail": "the worker stopped between its claim and the provider's answer"},
        "resend": "none"}]}
      """;

  private final BroadcastPolicyRepository policies;
  private final InDoubtRepository recipients;

  InDoubtController(BroadcastPolicyRepository policies, InDoubtRepository recipients) {
    this.policies = policies;
    this.recipients = recipients;
  }

  @GetMapping
  @Operation(
      summary = "Recipients in doubt",
      description =
          "Of whom nobody can know whether the message was sent, by contact. One leaves the list"
              + " when a late answer or a resend tells. Under the policy at-least-once they are"
              + " sent again by themselves while they have attempts left; otherwise only when it is"
              + " ordered, see the retry of a broadcast.")
  @ApiResponse(
      responseCode = "200",
      description = "A page",
      content = @Content(examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "404", description = "broadcast_not_found, also until it starts")
  Page<InDoubtRecipient> list(
      @Parameter(hidden = true) Identity identity,
      @PathVariable("id") UUID broadcastId,
      @RequestParam(required = false) @Parameter(example = "email") @Nullable String channel,
      PageRequest page) {
    if (policies.find(identity.tenant(), broadcastId).isEmpty()) {
      throw ProblemException.notFound("broadcast", broadcastId);
    }
    After after = After.of(page);
    List<InDoubtRecipient> rows =
        recipients
            .list(broadcastId, channel, after.contactId, after.channel, page.limitPlusOne())
            .stream()
            .map(InDoubtRecipient::of)
            .toList();
    return Page.of(rows, page.limit(), row -> Cursors.encode(row.contactId(), row.channel()));
  }

  private record After(long contactId, String channel) {

    static After of(PageRequest page) {
      if (page.after() == null) {
        return new After(Long.MIN_VALUE, "");
      }
      List<String> parts = Cursors.decode(page.after(), 2);
      try {
        return new After(Long.parseLong(parts.getFirst()), parts.getLast());
      } catch (NumberFormatException e) {
        throw ProblemException.invalid("after", "is not a cursor of this collection");
      }
    }
  }
}
