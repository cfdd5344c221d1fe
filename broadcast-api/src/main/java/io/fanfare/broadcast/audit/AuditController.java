package io.fanfare.broadcast.audit;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/audit-entries}: who changed what, for admins to search. */
@RestController
@RequestMapping("/api/v1/audit-entries")
@RequireRole(Role.ADMIN)
@Tag(name = "Audit", description = "Every change a person or key made. Needs the role admin.")
class AuditController {

  private static final String EXAMPLE =
      """
      {"items": [{"id": "018f0000-0000-7000-8000-000000000005", \
      "actor": "key:018f0000-0000-7000-8000-000000000009", "action": "update", \
      "resource": "channel_account", "resource_id": "018f0000-0000-7000-8000-000000000003", \
      "before": {"rate_per_second": 30}, "after": {"rate_per_second": 25}, \
      "at": "2026-11-23T07:00:00.123Z"}]}\
      """;

  private final AuditRepository repository;

  AuditController(AuditRepository repository) {
    this.repository = repository;
  }

  @GetMapping
  @Operation(
      summary = "Search the audit log",
      description =
          "Newest first. An entry shows up within a second or so of its change, whichever service"
              + " made it.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  Page<AuditEntry> search(
      Identity who,
      @Parameter(description = "Who", example = "operator") @RequestParam @Nullable String actor,
      @Parameter(description = "What was done", example = "update") @RequestParam
          @Nullable String action,
      @Parameter(description = "The kind of thing", example = "channel_account") @RequestParam
          @Nullable String resource,
      @Parameter(description = "Which one") @RequestParam("resource_id")
          @Nullable String resourceId,
      @Parameter(description = "Not before this instant", example = "2026-11-01T00:00:00Z")
          @RequestParam
          @Nullable Instant from,
      @Parameter(description = "Before this instant", example = "2026-12-01T00:00:00Z")
          @RequestParam
          @Nullable Instant to,
      @ParameterObject PageRequest page) {
    AuditFilter filter = new AuditFilter(actor, action, resource, resourceId, from, to);
    @Nullable Instant afterAt = null;
    @Nullable UUID after = null;
    if (page.after() != null) {
      List<String> cursor = Cursors.decode(page.after(), 2);
      try {
        afterAt = Instant.parse(cursor.getFirst());
        after = UUID.fromString(cursor.getLast());
      } catch (DateTimeException | IllegalArgumentException e) {
        throw ProblemException.invalid("after", "is not a cursor of this collection");
      }
    }
    List<AuditEntry> rows =
        repository.page(who.tenant(), filter, afterAt, after, page.limitPlusOne());
    return Page.of(rows, page.limit(), row -> Cursors.encode(row.at(), row.id()));
  }
}
