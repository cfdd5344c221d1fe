package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.recipient.RecipientSources.Asked;
import io.fanfare.broadcast.broadcast.recipient.Recipients.Found;
import io.fanfare.broadcast.frontdoor.BrokenAnswer;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/broadcasts/{id}/recipients}. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/recipients")
@Tag(name = "Recipients", description = "Who a broadcast goes to, where each one stands, and why.")
class RecipientController {

  private static final String EXAMPLE =
      """
      {"items": [{"contact_id": 4711, "external_id": "student-42", "channel": "email", \
      "address": "ada@example.org", "variant": "a", "state": "failed", \
      "reason": {"code": "mailbox_unknown", "detail": "550 5.1.1 no such user", \
      "provider_code": "5.1.1"}, "attempts": 1, "at": "2026-05-01T09:00:03Z"}], "next": "NDcxMR9lbWFpbA"}\
      """;

  private static final String TIMELINE_EXAMPLE =
      """
      {"broadcast_id": "018f0000-0000-7000-8000-000000000051", "contact_id": 4711, \
      "external_id": "student-42", "recipients": [{"contact_id": 4711, \
      "external_id": "student-42", "channel": "email", "address": "ada@example.org", \
      "variant": "a", "state": "sent", "attempts": 2, "at": "2026-05-01T09:00:14Z"}], \
      "events": [\
      {"at": "2026-05-01T09:00:00Z", "channel": "email", "what": "planned", "variant": "a", \
      "through": {"part": 1, "of": {"kind": "list", "id": "018f0000-0000-7000-8000-000000000052"}}}, \
      {"at": "2026-05-01T09:00:02Z", "channel": "email", "what": "claimed", "issue": 1, "attempt": 1}, \
      {"at": "2026-05-01T09:00:03Z", "channel": "email", "what": "retrying", "issue": 1, "attempt": 1, \
      "reason": {"code": "mailbox_busy", "detail": "450 4.2.1 try later", "provider_code": "4.2.1"}}, \
      {"at": "2026-05-01T09:00:13Z", "channel": "email", "what": "retry_due", "issue": 2, "attempt": 2}, \
      {"at": "2026-05-01T09:00:13Z", "channel": "email", "what": "claimed", "issue": 2, "attempt": 2}, \
      {"at": "2026-05-01T09:00:14Z", "channel": "email", "what": "sent", "issue": 2, "attempt": 2}, \
      {"at": "2026-05-01T10:30:00Z", "channel": "email", "what": "clicked", "link": "1"}]}\
      """;

  private static final String CSV_EXAMPLE =
      RecipientCsv.HEADER
          + "4711,student-42,email,ada@example.org,a,failed,mailbox_unknown,550 5.1.1 no such user,"
          + "1,2026-05-01T09:00:03Z,\r\n";

  private static final Logger log = LoggerFactory.getLogger(RecipientController.class);
  private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final int AT_ONCE = 1_000;

  private final Recipients recipients;
  private final Timelines timelines;

  RecipientController(Recipients recipients, Timelines timelines) {
    this.recipients = recipients;
    this.timelines = timelines;
  }

  @GetMapping
  @Operation(
      summary = "List the recipients of a broadcast",
      description =
          "By contact, then channel; none before it has started. A recipient that moves while"
              + " pages are read is where it was or where it is. A page may hold fewer than the"
              + " limit, or none, and still have a next. As CSV (Accept: text/csv, or format=csv)"
              + " all of them are streamed, and limit says nothing; no cell begins as a formula."
              + " 410 ledger_expired where the ledger of the broadcast's day was dropped and nobody"
              + " knows any more; where only some are missing, ledger_expired is true. 502 when an"
              + " owner does not answer.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = RecipientPage.class),
            examples = @ExampleObject(EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(CSV_EXAMPLE))
      })
  @Nullable ResponseEntity<RecipientPage> list(
      Identity who,
      @PathVariable UUID id,
      @Parameter(
              description =
                  "pending, in_flight, retrying, sent, failed, dead, in_doubt, skipped or cancelled",
              example = "failed")
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(description = "On this channel only", example = "email")
          @RequestParam(required = false)
          @Nullable String channel,
      @Parameter(description = "json or csv; else as Accept says", example = "json")
          @RequestParam(required = false)
          @Nullable String format,
      @ParameterObject PageRequest page,
      @Parameter(hidden = true) HttpServletRequest request,
      @Parameter(hidden = true) HttpServletResponse response)
      throws IOException {
    Asked asked = recipients.find(who.tenant(), id, channel);
    RecipientState wanted = state == null ? null : RecipientState.of(state);
    if (channel != null && !CHANNEL.matcher(channel).matches()) {
      throw ProblemException.invalid("channel", "is no name of a channel");
    }
    RecipientPosition after = RecipientPosition.of(page.after());
    if (wantsCsv(format, request)) {
      write(asked, wanted, after, request, response);
      return null;
    }
    Found found =
        asked == null
            ? new Found(List.of(), null, false)
            : recipients.page(asked, wanted, after, page.limit());
    return ResponseEntity.ok(
        new RecipientPage(
            found.items(),
            found.next() == null ? null : found.next().cursor(),
            found.ledgerExpired() ? true : null));
  }

  @GetMapping("/{contact}")
  @Operation(
      summary = "Why a contact got a broadcast or did not",
      description =
          "Every decision and attempt in the order of time: planned through which part of the"
              + " audience, put off, skipped with its reason, released (known until nothing of the"
              + " broadcast is in flight), each attempt with its outcome in the provider's own"
              + " words, retries with their time, dead letters, what was ordered by hand and by"
              + " whom, and what the contact did with the message. 404 recipient_not_found where"
              + " the contact is no recipient of it, 410 ledger_expired where nobody knows any more"
              + " whether it was.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(TIMELINE_EXAMPLE)))
  Timeline timeline(
      Identity who,
      @PathVariable UUID id,
      @Parameter(description = "The id of the contact", example = "4711") @PathVariable
          long contact) {
    return timelines.read(who.tenant(), id, contact);
  }

  private static boolean wantsCsv(@Nullable String format, HttpServletRequest request) {
    if (format != null) {
      if (!format.equals("csv") && !format.equals("json")) {
        throw ProblemException.invalid("format", "is not one of csv, json");
      }
      return format.equals("csv");
    }
    return Collections.list(request.getHeaders(HttpHeaders.ACCEPT)).stream()
        .anyMatch(accepted -> accepted.toLowerCase(Locale.ROOT).startsWith("text/csv"));
  }

  private void write(
      @Nullable Asked asked,
      @Nullable RecipientState state,
      RecipientPosition after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Found found = portion(asked, state, after);
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"recipients.csv\"");
    write(RecipientCsv.HEADER, response);
    while (true) {
      StringBuilder lines = new StringBuilder();
      found.items().forEach(recipient -> lines.append(RecipientCsv.line(recipient)));
      write(lines.toString(), response);
      if (found.next() == null) {
        return;
      }
      try {
        found = portion(asked, state, found.next());
      } catch (ProblemException e) {
        log.warn("{} broke off: {}", request.getRequestURI(), e.getMessage());
        BrokenAnswer.mark(request);
        return;
      }
    }
  }

  /** A file that is not whole would pass for one that is. */
  private Found portion(
      @Nullable Asked asked, @Nullable RecipientState state, RecipientPosition after) {
    if (asked == null) {
      return new Found(List.of(), null, false);
    }
    Found found = recipients.page(asked, state, after, AT_ONCE);
    if (found.ledgerExpired()) {
      throw Recipients.expired(asked);
    }
    return found;
  }

  private static void write(String text, HttpServletResponse response) throws IOException {
    response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
