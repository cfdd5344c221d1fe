package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A bot and the accounts that send with it, which may be of several tenants.
 *
 * @param id host of the Bot API and number of the bot; the same whatever its token is
 * @param key the same with a fingerprint of the token: whoever only knows the number of another's
 *     bot has another key
 * @param account the account to speak with: the lowest by id of those that want updates
 * @param accounts all of them, by id
 */
record Bot(String id, String key, OpenedAccount account, List<OpenedAccount> accounts) {

  List<UUID> accountIds() {
    return accounts.stream().map(OpenedAccount::accountId).toList();
  }

  /** One account of each tenant. */
  List<OpenedAccount> ofEachTenant() {
    return accounts.stream()
        .map(OpenedAccount::tenantId)
        .distinct()
        .map(tenant -> accounts.stream().filter(each -> each.tenantId().equals(tenant)).findFirst())
        .flatMap(Optional::stream)
        .toList();
  }
}
