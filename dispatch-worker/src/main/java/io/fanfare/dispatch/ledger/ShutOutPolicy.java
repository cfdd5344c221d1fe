package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.send.SendMessage;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says which refusals of a send tell that whoever has the address shut the account out, as an
 * update of the bot would have told. A chat that is not found is none: another bot than the one the
 * contact knows finds no chat of anybody.
 */
final class ShutOutPolicy {

  private static final Set<String> SHUT_OUT = Set.of("bot_blocked", "user_deactivated");

  private ShutOutPolicy() {}

  /** The signal, the same for every issue of a recipient; null when the end tells nothing. */
  static @Nullable ContactSignal signal(LedgerEntry entry) {
    SendMessage command = entry.command();
    Cause cause = entry.cause();
    String address = command.address();
    if (cause == null
        || address == null
        || !command.channel().equals(Channel.TELEGRAM)
        || !SHUT_OUT.contains(cause.code())) {
      return null;
    }
    return new ContactSignal(
        idOf(command),
        ContactSignal.Kind.BLOCKED,
        command.tenantId(),
        command.lane().accountId(),
        command.channel(),
        address,
        null,
        entry.at());
  }

  private static UUID idOf(SendMessage command) {
    String name =
        "shut out:" + command.broadcastId() + ":" + command.contactId() + ":" + command.channel();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
