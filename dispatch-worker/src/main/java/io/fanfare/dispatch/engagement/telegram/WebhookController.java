package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where Telegram brings the updates of accounts that want them so. Answered only when the broker
 * has what became of the update; Telegram brings anything else again.
 */
@RestController
@Hidden
class WebhookController {

  static final String SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token";

  /** Longest update, in bytes. */
  static final int MOST_BYTES = 262_144;

  private static final String RETRY_SECONDS = "2";

  private final AccountTable accounts;
  private final WebhookSecrets secrets;
  private final UpdateIntake intake;
  private final UpdateMetrics metrics;
  private final Clock clock;

  WebhookController(
      ControlReader control,
      WebhookSecrets secrets,
      UpdateIntake intake,
      UpdateMetrics metrics,
      Clock clock) {
    this.accounts = control.accounts();
    this.secrets = secrets;
    this.intake = intake;
    this.metrics = metrics;
    this.clock = clock;
  }

  @PostMapping("/t/telegram/{account}")
  ResponseEntity<Void> update(
      @PathVariable String account,
      @RequestHeader(name = SECRET_HEADER, required = false) @Nullable String secret,
      HttpServletRequest request)
      throws IOException, InterruptedException {
    Bot bot = find(account);
    if (bot == null) {
      return ResponseEntity.notFound().build();
    }
    if (!secrets.isRight(UUID.fromString(account), secret)) {
      return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
    }
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).build();
    }
    TelegramUpdate update = UpdateParser.single(body, clock.instant());
    if (update == null) {
      // Bringing it again would change nothing.
      metrics.update("malformed");
      return ResponseEntity.ok().build();
    }
    try {
      intake.take(bot, List.of(update));
    } catch (EngagementPublisher.NotConfirmed | DataAccessException | TransactionException e) {
      metrics.failure("not_taken");
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
          .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
          .build();
    }
    return ResponseEntity.ok().build();
  }

  /** The bot of an account whose updates come here; null for any other text. */
  private @Nullable Bot find(String account) {
    UUID id;
    try {
      id = UUID.fromString(account);
    } catch (IllegalArgumentException e) {
      return null;
    }
    AccountTable.Known known = accounts.find(id);
    OpenedAccount opened = known == null ? null : known.opened();
    if (opened == null || !opened.channel().equals(Channel.TELEGRAM)) {
      return null;
    }
    List<OpenedAccount> same =
        accounts.all().stream()
            .map(AccountTable.Known::opened)
            .filter(Objects::nonNull)
            .filter(each -> Bots.sameToken(each, opened))
            .toList();
    return Bots.of(same).values().stream()
        .filter(bot -> bot.accounts().contains(opened))
        .filter(bot -> Bots.Updates.of(bot.account()) == Bots.Updates.WEBHOOK)
        .findFirst()
        .orElse(null);
  }
}
