package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.broadcast.broadcast.Broadcasts;
import io.fanfare.broadcast.broadcast.recipient.RecipientMergePlanner.Slice;
import io.fanfare.broadcast.broadcast.recipient.RecipientSources.Asked;
import io.fanfare.broadcast.broadcast.recipient.RecipientSources.LedgerNote;
import io.fanfare.support.problem.ProblemException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Pages of recipients, with who they are. */
@Component
class Recipients {

  /** Bounds how long a page takes: owners are asked again no more often for it. */
  private static final int MOST_FETCHES = 6;

  /** A page of recipients; {@code ledgerExpired} where some of them are known no more. */
  record Found(List<Recipient> items, @Nullable RecipientPosition next, boolean ledgerExpired) {}

  private record Contact(
      long id, @Nullable String externalId, @Nullable String email, @Nullable Long telegramChatId) {

    @Nullable String address(String channel) {
      return switch (channel) {
        case "email" -> email;
        case "telegram" -> telegramChatId == null ? null : telegramChatId.toString();
        default -> null;
      };
    }
  }

  private final Broadcasts broadcasts;
  private final RecipientSources sources;
  private final RecipientClient client;

  Recipients(Broadcasts broadcasts, RecipientSources sources, RecipientClient client) {
    this.broadcasts = broadcasts;
    this.sources = sources;
    this.client = client;
  }

  /**
   * The recipients of a broadcast.
   *
   * @return null until it has started: before that it has none
   * @throws ProblemException 404 when the tenant has no such broadcast
   */
  @Nullable Asked find(UUID tenantId, UUID broadcastId, @Nullable String channel) {
    LocalDate day = broadcasts.ledgerDay(tenantId, broadcastId);
    return day == null ? null : new Asked(tenantId, broadcastId, day, channel);
  }

  /**
   * Those after a position.
   *
   * @param state only those that stand there; null for all
   * @throws ProblemException 410 when the ledger alone knew them and has forgotten them, 502 when
   *     an owner does not answer
   */
  Found page(Asked asked, @Nullable RecipientState state, RecipientPosition after, int limit) {
    LedgerNote note = new LedgerNote();
    Slice slice =
        RecipientMergePlanner.page(sources.of(state, asked, note), after, limit, MOST_FETCHES);
    if (note.isExpired() && state != null && state.isInTheLedgerAlone()) {
      throw expired(asked);
    }
    return new Found(named(asked, slice.items()), slice.next(), note.isExpired());
  }

  static ProblemException expired(Asked asked) {
    return new ProblemException(
        HttpStatus.GONE,
        "ledger_expired",
        "the ledger of "
            + asked.ledgerDay()
            + " was dropped: who was sent to is not known any more",
        List.of(),
        null);
  }

  /** The same recipients, with who they are. */
  List<Recipient> named(Asked asked, List<Recipient> recipients) {
    if (recipients.isEmpty()) {
      return recipients;
    }
    Map<Long, Contact> contacts = new HashMap<>();
    client
        .ask(
            asked.tenantId(),
            client.audience(),
            "/internal/v1/contacts/addresses",
            recipients.stream().map(Recipient::contactId).distinct().toList(),
            new TypeReference<List<Contact>>() {})
        .forEach(contact -> contacts.put(contact.id, contact));
    return recipients.stream()
        .map(recipient -> {
          Contact contact = contacts.get(recipient.contactId());
          return contact == null
              ? recipient
              : recipient.named(contact.externalId, contact.address(recipient.channel()));
        })
        .toList();
  }
}
