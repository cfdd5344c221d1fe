package io.fanfare.localstack.simulator.telegram;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a bot's updates are brought.
 *
 * @param secret said with each of them; may be empty
 */
record Webhook(URI url, String secret) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whether the update was taken. */
  boolean bring(HttpClient client, ObjectNode update) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(update.toString()));
    if (!secret.isEmpty()) {
      request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    try {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (IOException e) {
      return false;
    }
  }
}
