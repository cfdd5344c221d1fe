package io.fanfare.dispatch.engagement.token;

import io.fanfare.contract.Channel;
import io.fanfare.support.secret.SecretBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes tokens to measure the public endpoints with, signed as messages have them. The service
 * never runs it; {@code ./fanfare bench --endpoints} does, out of the worker's own jar.
 */
public final class BenchTokens {

  private BenchTokens() {}

  /**
   * Writes a line for each contact from 1: tokens to open, to click link 1, to unsubscribe.
   *
   * @param arguments the broadcast, how many contacts, the file to write
   */
  public static void main(String[] arguments) throws IOException {
    UUID broadcast = UUID.fromString(arguments[0]);
    int contacts = Integer.parseInt(arguments[1]);
    EngagementTokens tokens =
        new EngagementTokens(
            new SecretBox(System.getenv("FANFARE_SECRET_KEYS")).derive(EngagementTokens.KEY_LABEL));
    // A click sooner after the message would be a machine's.
    Instant sentAt = Instant.now().minusSeconds(60);
    List<String> lines = new ArrayList<>(contacts);
    for (long contact = 1; contact <= contacts; contact++) {
      EngagementTokens.Message message =
          tokens.message(broadcast, contact, Channel.EMAIL, "a", null, sentAt, 60);
      lines.add(
          message.token(EngagementToken.Kind.OPEN, 0)
              + " "
              + message.token(EngagementToken.Kind.CLICK, 1)
              + " "
              + message.token(EngagementToken.Kind.UNSUBSCRIBE, 0));
    }
    Files.write(Path.of(arguments[2]), lines);
    System.out.println("tokens written");
  }
}
