package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSignal.Kind;
import io.fanfare.contract.contact.ContactSignal.Refusal;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.engagement.bounce.AddressFaultPolicy;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says which refusals of a send tell something of the address: that whoever has it shut the bot
 * out, as an update would have told, or that nobody can be reached there, as a mail that came back
 * would have. A chat that is not found is none: another bot than the one the contact knows finds no
 * chat of anybody.
 */
final class ShutOutPolicy {

  private static final Set<String> SHUT_OUT = Set.of("bot_blocked", "user_deactivated");
  private static final Set<Outcome> REFUSED = EnumSet.of(Outcome.FAILED, Outcome.FELL_BACK);

  /** The body was refused: a reply code alone tells nothing of the address any more then. */
  private static final Set<String> THE_MESSAGE = Set.of("message_refused", "message_too_large");

  private ShutOutPolicy() {}

  /** The signal, the same for every issue of a recipient; null when the end tells nothing. */
  static @Nullable ContactSignal signal(LedgerEntry entry) {
    SendMessage command = entry.command();
    Cause cause = entry.cause();
    String address = command.address();
    if (cause == null || address == null) {
      return null;
    }
    if (command.channel().equals(Channel.TELEGRAM)) {
      return SHUT_OUT.contains(cause.code())
          ? signal(entry, Kind.BLOCKED, address, null, null)
          : null;
    }
    if (command.channel().equals(Channel.EMAIL) && REFUSED.contains(entry.outcome())) {
      Refusal refusal = refusal(command, cause);
      return refusal == null
          ? null
          : signal(entry, Kind.UNREACHABLE, address, command.contactId(), refusal);
    }
    return null;
  }

  /** Null when it was not the address's fault, or no server said so. */
  private static @Nullable Refusal refusal(SendMessage command, Cause cause) {
    String said = cause.providerCode();
    if (said == null
        || THE_MESSAGE.contains(cause.code())
        || !AddressFaultPolicy.ofReply(said, cause.detail())) {
      return null;
    }
    String status = said.indexOf('.') < 0 ? null : said;
    return new Refusal(command.broadcastId(), status, cause.detail());
  }

  private static ContactSignal signal(
      LedgerEntry entry,
      Kind kind,
      String address,
      @Nullable Long contactId,
      @Nullable Refusal refusal) {
    SendMessage command = entry.command();
    return new ContactSignal(
        idOf(command),
        kind,
        command.tenantId(),
        command.lane().accountId(),
        command.channel(),
        address,
        contactId,
        entry.at(),
        refusal);
  }

  private static UUID idOf(SendMessage command) {
    String name =
        "shut out:" + command.broadcastId() + ":" + command.contactId() + ":" + command.channel();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
