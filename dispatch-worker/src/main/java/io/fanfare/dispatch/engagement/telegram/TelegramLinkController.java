package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.channel.telegram.TelegramApi.Answer;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Makes links that connect a contact with a chat. Called by the front door, which knows that the
 * contact is the tenant's.
 */
@RestController
@Tag(name = "Contacts")
class TelegramLinkController {

  /** How long a link is good. */
  static final Duration GOOD_FOR = Duration.ofDays(7);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_]{1,64}");

  /**
   * A link.
   *
   * @param url for one person
   * @param expiresAt when it ceases to connect
   */
  record Link(String url, Instant expiresAt) {}

  private final AccountTable accounts;
  private final LinkTokens tokens;
  private final TelegramApi api;
  private final Clock clock;

  TelegramLinkController(ControlReader control, LinkTokens tokens, TelegramApi api, Clock clock) {
    this.accounts = control.accounts();
    this.tokens = tokens;
    this.api = api;
    this.clock = clock;
  }

  @PostMapping("/internal/v1/channel-accounts/{id}/telegram-link")
  @Operation(
      summary = "Make a link that connects a contact with its chat",
      description = "409 `bot_unavailable` when the bot does not say its name.")
  Link link(@PathVariable UUID id, @RequestParam("contact_id") long contactId, Identity who) {
    AccountTable.Known known = accounts.find(id);
    OpenedAccount account = known == null ? null : known.opened();
    if (account == null
        || !account.tenantId().equals(who.tenant())
        || !account.channel().equals(Channel.TELEGRAM)) {
      throw ProblemException.notFound("channel_account", id);
    }
    String name = nameOf(account);
    Instant expires = clock.instant().plus(GOOD_FOR).truncatedTo(ChronoUnit.SECONDS);
    String token = tokens.make(who.tenant(), id, contactId, expires);
    return new Link("https://t.me/" + name + "?start=" + token, expires);
  }

  private String nameOf(OpenedAccount account) {
    Answer answer = api.call(account, "getMe", JsonNodeFactory.instance.objectNode(), PATIENCE);
    if (answer instanceof Answer.Done(byte[] body)) {
      try {
        String name = JsonMapper.shared().readTree(body).at("/result/username").asString("");
        if (USERNAME.matcher(name).matches()) {
          return name;
        }
      } catch (JacksonException e) {
        // Answered below, as any other answer without a name.
      }
    }
    throw ProblemException.conflict(
        "bot_unavailable", "the bot does not say its name; try the channel account");
  }
}
