package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.bounce.BounceIntake.Became;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes bounces and complaints as mail servers write them. */
@RestController
@Tag(name = "Engagement", description = "What recipients did, as other systems saw it")
class BounceController {

  private static final Logger log = LoggerFactory.getLogger(BounceController.class);
  private static final String VIA = "http";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final BounceIntake intake;
  private final BounceMetrics metrics;

  BounceController(BounceIntake intake, BounceMetrics metrics) {
    this.intake = intake;
    this.metrics = metrics;
  }

  /**
   * The answer.
   *
   * @param became hard, soft, complaint or nothing
   */
  record BounceTaken(
      @Schema(
              allowableValues = {"hard", "soft", "complaint", "nothing"},
              example = "hard")
          String became) {}

  @PostMapping(path = "/api/v1/bounces", consumes = "message/rfc822")
  @RequireRole(Role.SENDER)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Bring a bounce or a complaint",
      description =
          "The whole mail as it came to the `return_path` of an e-mail account, or of a feedback loop:"
              + " a delivery report (RFC 3464) or a complaint (RFC 5965), at most 1,000,000 bytes."
              + " Whose it is, is told by the signed token in the address alone: in `recipient`, in"
              + " the mail's To or Delivered-To, or in the message that came back. What failed for"
              + " good because of the address is a hard bounce and puts the address on the"
              + " suppression list, as a complaint does. The answer comes when the event is safe;"
              + " the same mail again counts once. 422 `no_report`, `unreadable`, `no_token` or"
              + " `unknown_message`: bringing it again changes nothing. 413 `too_large`, 503"
              + " `not_confirmed` with `Retry-After`.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "message/rfc822",
              schema = @Schema(type = "string"),
              examples = @ExampleObject("To: bounces+mfrgg@example.com\n…")))
  @ApiResponse(
      responseCode = "202",
      description = "What it says is safe",
      content = @Content(examples = @ExampleObject("{\"became\": \"hard\"}")))
  BounceTaken take(
      @Parameter(hidden = true) Identity identity,
      @Parameter(
              description = "The envelope's recipient, where the mail server knows it",
              example = "bounces+mfrgg@example.com")
          @RequestParam(required = false)
          @Nullable String recipient,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    byte[] message = request.getInputStream().readNBytes(ReportReader.MOST_BYTES + 1);
    try {
      Became became = intake.take(List.of(identity.tenant()), message, recipient);
      String name = became.name().toLowerCase(Locale.ROOT);
      metrics.report(VIA, name);
      return new BounceTaken(name);
    } catch (ReportUnreadable e) {
      metrics.report(VIA, e.code());
      String detail = "the mail " + e.getMessage();
      throw e.code().equals(ReportUnreadable.TOO_LARGE)
          ? ProblemException.tooLarge(e.code(), detail)
          : new ProblemException(
              HttpStatus.UNPROCESSABLE_CONTENT, e.code(), detail, List.of(), null);
    } catch (EngagementPublisher.NotConfirmed | DataAccessException | TransactionException e) {
      log.warn("a bounce is answered with 503", e);
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "not_confirmed",
          "the event could not be made safe in time; bring the mail again",
          List.of(),
          RETRY_AFTER);
    }
  }
}
