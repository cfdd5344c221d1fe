package io.fanfare.audience.optout;

import io.fanfare.audience.category.Category;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Opt-outs of contacts over REST. */
@RestController
@RequestMapping("/api/v1/contacts/{id}/opt-outs")
@Tag(name = "Opt-outs", description = "Who wants no messages, also of broadcasts under way")
class OptOutController {

  private static final List<Channel> CHANNELS = List.of(Channel.EMAIL, Channel.TELEGRAM);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final OptOutEditor editor;
  private final Outbox outbox;

  OptOutController(OptOutEditor editor, Outbox outbox) {
    this.editor = editor;
    this.outbox = outbox;
  }

  @GetMapping
  @Operation(
      summary = "Opt-outs of a contact",
      description = "Those that stand, with who, when and why. 404 `contact_not_found`.")
  OptOuts list(
      @Parameter(hidden = true) Identity who, @Parameter(example = "42") @PathVariable long id) {
    return new OptOuts(editor.list(who, id));
  }

  @PutMapping
  @Operation(
      summary = "Opt a contact out",
      description =
          "Of one channel, of one category of messages, or of everything when neither is named."
              + " Nothing of it is sent to the contact from one second after a 200 on, by"
              + " broadcasts under way neither: there it ends as skipped, of a category as"
              + " `opted_out_of_category`. 202 when the broker has not taken it within five seconds:"
              + " it is kept and holds as soon as the broker takes it; asked for again, a 200 says"
              + " when. An opt-out that stands already stays as it is. 422 for a category that is"
              + " unknown or mandatory. Answers all opt-outs that stand.")
  @ApiResponse(responseCode = "200", description = "It holds")
  @ApiResponse(responseCode = "202", description = "It is kept and does not hold everywhere yet")
  ResponseEntity<OptOuts> optOut(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @Valid @RequestBody OptOutRequest body) {
    OptOutScope scope = new OptOutScope(channel("/channel", body.channel()), body.category());
    List<OptOut> standing = editor.optOut(who, id, scope, body.reason(), body.source());
    boolean holds =
        outbox.awaitPublished(
            Topics.CONTACT_SUPPRESSION, ContactSuppression.key(who.tenant(), id), PATIENCE);
    return ResponseEntity.status(holds ? HttpStatus.OK : HttpStatus.ACCEPTED)
        .body(new OptOuts(standing));
  }

  @DeleteMapping
  @Operation(
      summary = "Opt a contact in again",
      description =
          "Lifts the opt-out of one channel, of one category, or every opt-out when neither is"
              + " named; an opt-out of every channel is not lifted by naming one. Broadcasts that"
              + " have skipped the contact do not come back to it. Answers the opt-outs that still"
              + " stand.")
  OptOuts optIn(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @Parameter(description = "The channel; absent for every opt-out", example = "email")
          @RequestParam(required = false)
          @Nullable String channel,
      @Parameter(description = "The category; not with a channel", example = "newsletter")
          @RequestParam(required = false)
          @Nullable String category,
      @Parameter(description = "Why, for the history", example = "Asked for it again")
          @RequestParam(required = false)
          @Nullable String reason,
      @Parameter(description = "Where it came from, for the history", example = "support call")
          @RequestParam(required = false)
          @Nullable String source) {
    OptOutScope scope = new OptOutScope(channel("channel", channel), category);
    if (category != null && !category.matches(Category.NAME)) {
      throw ProblemException.invalid("category", "is no name of a category");
    }
    if (scope.channel() != null && scope.category() != null) {
      throw ProblemException.invalid("category", "cannot be named together with a channel");
    }
    return new OptOuts(
        editor.optIn(
            who,
            id,
            scope,
            text("reason", reason, OptOutRequest.MOST_REASON),
            text("source", source, OptOutRequest.MOST_SOURCE)));
  }

  @GetMapping("/history")
  @Operation(
      summary = "How a contact opted out and in",
      description = "Who, when and why, newest first; the last 200. 404 `contact_not_found`.")
  Page<OptOutChange> history(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = "42") @PathVariable long id,
      @ParameterObject PageRequest page) {
    List<OptOutChange> rows = editor.history(who, id, before(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), change -> Cursors.encode(change.id()));
  }

  private static long before(PageRequest page) {
    if (page.after() == null) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(Cursors.decode(page.after(), 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  private static @Nullable String text(String pointer, @Nullable String text, int most) {
    if (text != null && (text.length() > most || text.chars().anyMatch(Character::isISOControl))) {
      throw ProblemException.invalid(
          pointer, "has at most " + most + " characters, none of them a control character");
    }
    return text;
  }

  private static @Nullable Channel channel(String pointer, @Nullable String name) {
    if (name == null) {
      return null;
    }
    return CHANNELS.stream()
        .filter(channel -> channel.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> ProblemException.invalid(pointer, "is not one of the channels email, telegram"));
  }
}
