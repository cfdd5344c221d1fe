package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.telegram.TelegramApi;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The bots among some channel accounts. */
final class Bots {

  /** The setting of an account that says how its updates come. */
  static final String UPDATES = "updates";

  /** How a bot's updates come. */
  enum Updates {
    POLL,
    WEBHOOK,
    OFF;

    static Updates of(OpenedAccount account) {
      return switch (account.settings().getOrDefault(UPDATES, "poll")) {
        case "webhook" -> WEBHOOK;
        case "off" -> OFF;
        default -> POLL;
      };
    }
  }

  private Bots() {}

  /**
   * By key, those bots whose updates come in one way; when the accounts of a bot differ in it, the
   * lowest by id says.
   */
  static Map<String, Bot> of(Collection<OpenedAccount> accounts, Updates updates) {
    Map<String, List<OpenedAccount>> byBot =
        accounts.stream()
            .filter(account -> account.channel().equals(Channel.TELEGRAM))
            .filter(account -> TelegramApi.botOf(account).isPresent())
            .collect(Collectors.groupingBy(Bots::key, TreeMap::new, Collectors.toList()));
    return byBot.entrySet().stream()
        .map(entry -> bot(entry.getKey(), entry.getValue()))
        .filter(bot -> Updates.of(bot.account()) == updates)
        .collect(Collectors.toMap(Bot::key, Function.identity(), (a, b) -> a, TreeMap::new));
  }

  private static Bot bot(String key, List<OpenedAccount> accounts) {
    List<OpenedAccount> sorted =
        accounts.stream().sorted(Comparator.comparing(OpenedAccount::accountId)).toList();
    return new Bot(
        key, sorted.getFirst(), sorted.stream().map(OpenedAccount::accountId).toList());
  }

  static String key(OpenedAccount account) {
    return account.tenantId() + " " + TelegramApi.botOf(account).orElseThrow();
  }
}
