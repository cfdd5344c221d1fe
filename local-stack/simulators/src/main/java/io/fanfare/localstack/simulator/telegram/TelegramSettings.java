package io.fanfare.localstack.simulator.telegram;

import java.net.InetAddress;
import java.util.Set;

/**
 * How the Bot API presents itself.
 *
 * @param address to listen on
 * @param port 0 for any free one
 * @param tokens of the bots that exist; empty for every well-formed token
 */
public record TelegramSettings(InetAddress address, int port, Set<String> tokens) {

  public TelegramSettings {
    tokens = Set.copyOf(tokens);
  }

  /** Loopback, any port, every bot. */
  public static TelegramSettings local() {
    return new TelegramSettings(InetAddress.getLoopbackAddress(), 0, Set.of());
  }

  public TelegramSettings onPort(int port) {
    return new TelegramSettings(address, port, tokens);
  }

  public TelegramSettings withTokens(String... tokens) {
    return new TelegramSettings(address, port, Set.of(tokens));
  }
}
