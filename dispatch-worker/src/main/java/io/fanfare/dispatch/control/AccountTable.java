package io.fanfare.dispatch.control;

import io.fanfare.contract.Lane;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.support.secret.SecretBox;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The newest version of every channel account, its secret opened. */
public final class AccountTable {

  /**
   * An account as it is known here.
   *
   * @param opened null when its secret cannot be opened
   * @param problem why not; null when it can
   */
  public record Known(
      ChannelAccount account, @Nullable OpenedAccount opened, @Nullable String problem) {}

  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

  private final SecretBox secrets;
  private final Map<UUID, Known> accounts = new ConcurrentHashMap<>();

  public AccountTable(SecretBox secrets) {
    this.secrets = secrets;
  }

  void accept(ChannelAccount account) {
    Known known = accounts.get(account.accountId());
    if (known == null || known.account().version() <= account.version()) {
      accounts.put(account.accountId(), open(account));
    }
  }

  void remove(UUID accountId) {
    accounts.remove(accountId);
  }

  /** The account, if it is known. */
  public @Nullable Known find(UUID accountId) {
    return accounts.get(accountId);
  }

  /** All accounts that are known, those whose secret cannot be opened too. */
  public List<Known> all() {
    return List.copyOf(accounts.values());
  }

  /**
   * How many sends of a lane the provider may see in any second; 0 when no limit is known. An
   * account with more shards than messages a second gets one for each shard, which is more than its
   * limit: such an account should have fewer shards.
   */
  public int slots(Lane lane) {
    return slots(lane, account -> 0);
  }

  /**
   * The same where something is left alone.
   *
   * @param keptApart messages a second of an account that its lanes do not send
   */
  public int slots(Lane lane, ToIntFunction<OpenedAccount> keptApart) {
    Known known = accounts.get(lane.accountId());
    if (known == null || known.account().ratePerSecond() == 0) {
      return 0;
    }
    int kept = known.opened() == null ? 0 : keptApart.applyAsInt(known.opened());
    int rate = known.account().ratePerSecond() - kept;
    return Math.max(1, rate / Math.max(1, known.account().shards()));
  }

  private Known open(ChannelAccount account) {
    String sealed = account.sealedSecret();
    try {
      Map<String, String> secret =
          sealed == null ? Map.of() : MAPPER.readValue(secrets.open(sealed), FIELDS);
      return new Known(
          account,
          new OpenedAccount(
              account.accountId(),
              account.tenantId(),
              account.channel(),
              account.version(),
              account.ratePerSecond(),
              account.settings(),
              secret),
          null);
    } catch (JacksonException e) {
      // Its message may quote the secret.
      return new Known(account, null, "the account's secret is not a JSON object");
    } catch (IllegalArgumentException e) {
      return new Known(account, null, "the account's secret cannot be opened: " + e.getMessage());
    }
  }
}
