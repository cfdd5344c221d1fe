package io.fanfare.audience.recipient;

import io.fanfare.audience.recipient.RecipientSlice.Position;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the front door of recipients that the ledger does not answer for, and who they are. */
@RestController
@Hidden
class RecipientController {

  private static final int MOST = 1_001;

  private final OwnRecipients recipients;
  private final ContactHistoryReader history;
  private final ContactAddresses addresses;

  RecipientController(
      OwnRecipients recipients, ContactHistoryReader history, ContactAddresses addresses) {
    this.recipients = recipients;
    this.history = history;
    this.addresses = addresses;
  }

  /** Nobody where the broadcast is not known here yet, or is another tenant's. */
  @GetMapping("/internal/v1/broadcasts/{id}/recipients")
  RecipientSlice page(
      Identity who,
      @PathVariable UUID id,
      @RequestParam String state,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(name = "after_contact", required = false) @Nullable Long afterContact,
      @RequestParam(name = "after_channel", defaultValue = "") String afterChannel,
      @RequestParam int limit) {
    OwnState own =
        OwnState.of(state)
            .orElseThrow(() -> ProblemException.invalid("state", "is not a state kept here"));
    requireAtMost(limit);
    if (!recipients.isKnown(who.tenant(), id)) {
      return new RecipientSlice(List.of(), null);
    }
    Position after =
        afterContact == null ? Position.START : new Position(afterContact, afterChannel);
    return recipients.page(own, id, channel, after, limit);
  }

  /** Nothing where the broadcast is not known here yet, or is another tenant's. */
  @GetMapping("/internal/v1/broadcasts/{id}/recipients/{contact}")
  ContactHistory history(Identity who, @PathVariable UUID id, @PathVariable long contact) {
    return recipients.isKnown(who.tenant(), id)
        ? history.read(id, contact)
        : new ContactHistory(null, List.of(), List.of());
  }

  /** Changes nothing; a body, since a page of ids is too long for a query. */
  @PostMapping("/internal/v1/contacts/addresses")
  List<ContactAddresses.Entry> addresses(Identity who, @RequestBody List<Long> ids) {
    requireAtMost(ids.size());
    return addresses.find(who.tenant(), ids);
  }

  private static void requireAtMost(int count) {
    if (count > MOST) {
      throw ProblemException.tooLarge("too_many", "at most " + MOST + " at a time");
    }
  }
}
