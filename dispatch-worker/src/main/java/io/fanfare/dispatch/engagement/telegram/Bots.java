package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.telegram.TelegramApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The bots among some channel accounts. */
final class Bots {

  /** The setting of an account that says how its updates come. */
  static final String UPDATES = "updates";

  private static final int FINGERPRINT_CHARACTERS = 16;

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

  /** By key, those bots whose updates some account wants. */
  static Map<String, Bot> of(Collection<OpenedAccount> accounts) {
    Map<String, List<OpenedAccount>> byKey =
        accounts.stream()
            .filter(account -> account.channel().equals(Channel.TELEGRAM))
            .filter(account -> TelegramApi.botOf(account).isPresent())
            .sorted(Comparator.comparing(OpenedAccount::accountId))
            .collect(Collectors.groupingBy(Bots::key));
    Map<String, Bot> bots = new TreeMap<>();
    byKey.forEach((key, same) ->
        speaker(same)
            .ifPresent(account -> bots.put(key, new Bot(id(account), key, account, same))));
    return bots;
  }

  private static Optional<OpenedAccount> speaker(List<OpenedAccount> accounts) {
    return accounts.stream().filter(each -> Updates.of(each) != Updates.OFF).findFirst();
  }

  private static String id(OpenedAccount account) {
    return TelegramApi.botOf(account).orElseThrow();
  }

  /** Of a token nobody can guess, so that its hash tells nothing of it. */
  private static String key(OpenedAccount account) {
    byte[] token = token(account).getBytes(StandardCharsets.UTF_8);
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token));
      return id(account) + " " + hash.substring(0, FINGERPRINT_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether two accounts speak for one bot, as far as their secrets say. */
  static boolean sameToken(OpenedAccount one, OpenedAccount other) {
    return token(one).equals(token(other));
  }

  private static String token(OpenedAccount account) {
    return account.secret().getOrDefault("token", "").strip();
  }
}
