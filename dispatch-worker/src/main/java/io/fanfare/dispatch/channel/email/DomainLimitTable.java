package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.account.DomainLimits;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.RecipientLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What the mail domains of recipients take, by account; the newest version of each is kept. */
final class DomainLimitTable {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private record Known(long version, DomainLimits limits) {}

  private final Map<UUID, Known> known = new ConcurrentHashMap<>();

  /** The limit of an address's domain, if it has one. */
  List<RecipientLimit> of(OpenedAccount account, String address) {
    String text = account.settings().get(DomainLimits.SETTING);
    if (text == null) {
      return List.of();
    }
    Known newest = known.get(account.accountId());
    if (newest == null || newest.version() != account.version()) {
      newest = new Known(account.version(), DomainLimits.parse(text));
      known.put(account.accountId(), newest);
    }
    String domain = DomainLimits.domainOf(address);
    Integer perSecond = newest.limits().of(domain);
    return perSecond == null ? List.of() : List.of(new RecipientLimit(domain, perSecond, SECOND));
  }
}
