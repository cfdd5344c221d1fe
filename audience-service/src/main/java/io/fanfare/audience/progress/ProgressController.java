package io.fanfare.audience.progress;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Progress of broadcasts over REST. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}")
@Tag(name = "Skipped recipients", description = "Who is not sent to, and why")
class ProgressController {

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";

  private final ProgressRepository progress;

  ProgressController(ProgressRepository progress) {
    this.progress = progress;
  }

  @GetMapping("/progress")
  @Operation(
      // The front door serves it with the state of the broadcast added.
      hidden = true,
      summary = "Progress of a broadcast",
      description =
          "One snapshot: `planned` is the sum of all other counters, in every answer. 404"
              + " `broadcast_not_found` until the broadcast has started.")
  Progress progress(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    return progress
        .find(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound("broadcast", id));
  }

  @GetMapping("/skipped")
  @Operation(
      summary = "Recipients skipped before release",
      description =
          "Each with its reason: `opted_out`, `opted_out_of_category`, `no_address`,"
              + " `duplicate_address`, `over_cap`, `suppressed`, or `local_time_past` where the local time of the"
              + " broadcast had passed.")
  Page<SkippedRecipient> skipped(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      PageRequest page) {
    if (!progress.exists(who.tenant(), id)) {
      throw ProblemException.notFound("broadcast", id);
    }
    long[] after = after(page);
    List<SkippedRecipient> rows = progress.skipped(id, after[0], after[1], page.limitPlusOne());
    return Page.of(
        rows, page.limit(), recipient -> Cursors.encode(recipient.row(), recipient.position()));
  }

  private static long[] after(PageRequest page) {
    if (page.after() == null) {
      return new long[] {0, 0};
    }
    List<String> parts = Cursors.decode(page.after(), 2);
    try {
      return new long[] {Long.parseLong(parts.getFirst()), Long.parseLong(parts.getLast())};
    } catch (NumberFormatException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
