package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.channel.telegram.TelegramApi.Answer;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Tells Telegram where to bring updates, and takes that back. Doing it again changes nothing. */
@Component
class Webhooks {

  /** Of an account's id. */
  private static final String PATH = "/t/telegram/";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String publicUrl;
  private final WebhookSecrets secrets;
  private final TelegramApi api;

  Webhooks(
      @Value("${fanfare.public-url:${FANFARE_PUBLIC_URL:}}") String publicUrl,
      WebhookSecrets secrets,
      TelegramApi api) {
    this.publicUrl = publicUrl.strip().replaceAll("/+$", "");
    this.secrets = secrets;
    this.api = api;
  }

  /** Has the updates of a bot brought here; what waits already is brought too. */
  Answer set(Bot bot) {
    if (publicUrl.isEmpty()) {
      return new Answer.Unusable("FANFARE_PUBLIC_URL is not set");
    }
    var accountId = bot.account().accountId();
    var parameters =
        JsonNodeFactory.instance
            .objectNode()
            .put("url", publicUrl + PATH + accountId)
            .put("secret_token", secrets.of(accountId));
    parameters.set("allowed_updates", BotPoller.allowedUpdates());
    return api.call(bot.account(), "setWebhook", parameters, PATIENCE);
  }

  /**
   * Ends the webhook of a bot that is to be asked. One that leads to another program is left alone
   * unless somebody has said that this bot be asked.
   */
  void endIfOurs(Bot bot) {
    boolean said = bot.account().settings().containsKey(Bots.UPDATES);
    if (said || isOurs(bot)) {
      api.call(bot.account(), "deleteWebhook", JsonNodeFactory.instance.objectNode(), PATIENCE);
    }
  }

  private boolean isOurs(Bot bot) {
    var nothing = JsonNodeFactory.instance.objectNode();
    try {
      return !publicUrl.isEmpty()
          && api.call(bot.account(), "getWebhookInfo", nothing, PATIENCE)
              instanceof Answer.Done(byte[] body)
          && JsonMapper.shared()
              .readTree(body)
              .at("/result/url")
              .asString("")
              .startsWith(publicUrl + PATH);
    } catch (JacksonException e) {
      return false;
    }
  }
}
