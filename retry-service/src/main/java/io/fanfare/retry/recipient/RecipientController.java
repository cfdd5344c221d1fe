package io.fanfare.retry.recipient;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door who is being tried again. */
@RestController
@Hidden
class RecipientController {

  private static final int MOST = 1_001;

  private final RetryingRecipients recipients;
  private final RetryHistoryReader history;

  RecipientController(RetryingRecipients recipients, RetryHistoryReader history) {
    this.recipients = recipients;
    this.history = history;
  }

  @GetMapping("/internal/v1/broadcasts/{id}/recipients/{contact}")
  RetryHistory history(Identity who, @PathVariable UUID id, @PathVariable long contact) {
    return history.read(who.tenant(), id, contact);
  }

  @GetMapping("/internal/v1/broadcasts/{id}/recipients")
  RetryingRecipients.Slice page(
      Identity who,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(name = "after_contact", required = false) @Nullable Long afterContact,
      @RequestParam(name = "after_channel", defaultValue = "") String afterChannel,
      @RequestParam int limit) {
    if (limit > MOST) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST + " at a time");
    }
    return recipients.page(
        who.tenant(),
        id,
        channel,
        afterContact == null ? Long.MIN_VALUE : afterContact,
        afterChannel,
        limit);
  }
}
