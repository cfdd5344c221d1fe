package io.fanfare.broadcast.account;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.contract.Channel;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has a worker make a link for a contact, once audience-service has said that the contact is the
 * tenant's: only workers sign such links and speak to bots.
 */
@Component
class TelegramLinks {

  private final AccountRepository accounts;
  private final BackendClient client;
  private final JsonMapper json;

  TelegramLinks(AccountRepository accounts, BackendClient client, JsonMapper json) {
    this.accounts = accounts;
    this.client = client;
    this.json = json;
  }

  /**
   * Makes a link.
   *
   * @param accountId null for the only bot there is
   * @throws ProblemException 404 for a contact that is not the tenant's, 422 for an account that is
   *     not, 409 when the bot cannot be met
   */
  TelegramLink make(Identity who, long contactId, @Nullable UUID accountId) {
    requireContact(who, contactId);
    StoredAccount bot = bot(who, accountId);
    if ("off".equals(bot.settings().get("updates"))) {
      throw ProblemException.conflict(
          "updates_off", "the updates of this bot are off, so nobody would hear of it");
    }
    String path =
        "/internal/v1/channel-accounts/%s/telegram-link?contact_id=%d"
            .formatted(bot.id(), contactId);
    HttpResponse<InputStream> answer =
        client.exchange(
            client
                .request(client.backends().dispatchUrl(), path, who)
                .POST(BodyPublishers.noBody())
                .build());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == HttpStatus.OK.value()) {
        return json.readValue(body.readAllBytes(), TelegramLink.class);
      }
    } catch (IOException | JacksonException e) {
      // Answered below: what cannot be read is as little an answer as another status.
    }
    if (answer.statusCode() == HttpStatus.CONFLICT.value()) {
      throw ProblemException.conflict(
          "bot_unavailable", "the bot does not say its name; try the channel account");
    }
    throw ProblemException.badGateway(
        "backend_unavailable", "no worker could make the link: status " + answer.statusCode());
  }

  private void requireContact(Identity who, long contactId) {
    HttpResponse<InputStream> answer =
        client.exchange(
            client
                .request(client.backends().audienceUrl(), "/api/v1/contacts/" + contactId, who)
                .GET()
                .build());
    try (InputStream body = answer.body()) {
      body.readAllBytes();
    } catch (IOException e) {
      // The status says all.
    }
    if (answer.statusCode() == HttpStatus.NOT_FOUND.value()) {
      throw ProblemException.notFound("contact", contactId);
    }
    if (answer.statusCode() != HttpStatus.OK.value()) {
      throw ProblemException.badGateway(
          "backend_unavailable", "the contact could not be looked up: " + answer.statusCode());
    }
  }

  private StoredAccount bot(Identity who, @Nullable UUID accountId) {
    if (accountId != null) {
      return accounts
          .byId(who.tenant(), accountId)
          .filter(account -> account.channel().equals(Channel.TELEGRAM))
          .orElseThrow(
              () -> ProblemException.invalid("/account_id", "is no Telegram account of yours"));
    }
    List<StoredAccount> bots = accounts.page(who.tenant(), Channel.TELEGRAM.name(), null, 2);
    if (bots.size() > 1) {
      throw ProblemException.invalid("/account_id", "is needed: there are several bots");
    }
    if (bots.isEmpty()) {
      throw ProblemException.conflict("no_bot", "there is no Telegram account");
    }
    return bots.getFirst();
  }
}
