package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.List;
import java.util.UUID;

/**
 * A bot of a tenant and the accounts that send with it.
 *
 * @param key tenant, host of the Bot API and number of the bot; the same whatever its token is
 * @param account the account to speak with, the lowest of them by id
 * @param accounts all of them
 */
record Bot(String key, OpenedAccount account, List<UUID> accounts) {

  UUID tenantId() {
    return account.tenantId();
  }
}
