package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.dispatch.recipient.LedgerSlice.Position;
import io.fanfare.dispatch.recipient.RecipientRepository.Recipient;
import io.fanfare.dispatch.recipient.RecipientRepository.Recorded;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door where recipients stand. */
@RestController
@Hidden
class RecipientController {

  private static final int MOST = 200;
  private static final int MOST_OF_A_PAGE = 1_001;

  private final RecipientRepository recipients;
  private final LedgerRecipients ledger;

  RecipientController(RecipientRepository recipients, LedgerRecipients ledger) {
    this.recipients = recipients;
    this.ledger = ledger;
  }

  /** Changes nothing; a body, since a page of recipients is too long for a query. */
  @PostMapping("/internal/v1/recipients")
  List<Recorded> find(Identity who, @RequestBody List<Recipient> asked) {
    if (asked.size() > MOST) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST + " recipients at a time");
    }
    return recipients.find(who.tenant(), asked);
  }

  /** Of one bucket, or all that have a result, fallen back ones included. */
  @GetMapping("/internal/v1/broadcasts/{id}/recipients")
  LedgerSlice page(
      Identity who,
      @PathVariable UUID id,
      @RequestParam LocalDate day,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(name = "after_contact", required = false) @Nullable Long afterContact,
      @RequestParam(name = "after_channel", defaultValue = "") String afterChannel,
      @RequestParam int limit) {
    if (limit > MOST_OF_A_PAGE) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST_OF_A_PAGE + " at a time");
    }
    return ledger.page(
        who.tenant(),
        id,
        day,
        state == null ? null : Bucket.valueOf(state.toUpperCase(Locale.ROOT)),
        channel == null ? null : Channel.of(channel),
        afterContact == null ? Position.START : new Position(afterContact, afterChannel),
        limit);
  }

  /** Every order to send to a contact, by channel and issue. */
  @GetMapping("/internal/v1/broadcasts/{id}/recipients/{contact}")
  LedgerHistory history(
      Identity who,
      @PathVariable UUID id,
      @PathVariable long contact,
      @RequestParam LocalDate day) {
    return ledger.isDropped(day)
        ? new LedgerHistory(List.of(), true)
        : new LedgerHistory(recipients.orders(who.tenant(), id, day, contact), false);
  }

  /**
   * Those of some contacts that have no end on a channel. Changes nothing; a body, since the ids
   * are too long for a query.
   */
  @PostMapping("/internal/v1/broadcasts/{id}/recipients/unended")
  List<Long> unended(
      @PathVariable UUID id,
      @RequestParam LocalDate day,
      @RequestParam String channel,
      @RequestBody List<Long> contacts) {
    if (contacts.size() > MOST_OF_A_PAGE) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST_OF_A_PAGE + " at a time");
    }
    return ledger.unended(id, day, Channel.of(channel), contacts);
  }
}
