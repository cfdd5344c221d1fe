package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.intake.SentMessageRepository.Recipient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds e-mails the ledger knows were sent, or may have been. */
@Component
public class SentMails {

  /**
   * An e-mail to one contact.
   *
   * @param segment the part of the audience that chose the recipient; null for a single message
   * @param claimedAt when the first of its sends was claimed
   */
  public record SentMail(String variant, @Nullable Integer segment, Instant claimedAt) {}

  private final SentMessages messages;

  SentMails(SentMessages messages) {
    this.messages = messages;
  }

  /**
   * The e-mail of a tenant's broadcast to a contact.
   *
   * @throws org.springframework.dao.DataAccessException when the database does not answer, or too
   *     many wait for it already
   */
  public Optional<SentMail> find(UUID tenantId, UUID broadcastId, long contactId) {
    Recipient recipient = new Recipient(broadcastId, contactId, Channel.EMAIL);
    return messages
        .findBroadcast(tenantId, broadcastId)
        .map(filed -> messages.findSent(filed.ledgerDay(), List.of(recipient)).get(recipient))
        .map(sent -> new SentMail(sent.variant(), sent.segment(), sent.claimedAt()));
  }
}
