package io.fanfare.dispatch.account;

import io.fanfare.dispatch.channel.AccountTest;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tries a channel account with the provider, without sending. Called by the front door, which has
 * just published the account.
 */
@RestController
@Tag(name = "Channel accounts")
class AccountTestController {

  private static final Duration ARRIVAL = Duration.ofSeconds(3);
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

  /**
   * What came of it.
   *
   * @param ok the provider accepted settings and secret
   * @param code {@code ok} or why not, for machines
   * @param detail one sentence for people
   * @param milliseconds how long the provider took
   */
  record Result(boolean ok, String code, String detail, long milliseconds) {}

  private final ControlReader known;
  private final List<ChannelSender> senders;

  AccountTestController(ControlReader known, List<ChannelSender> senders) {
    this.known = known;
    this.senders = senders;
  }

  @PostMapping("/internal/v1/channel-accounts/{id}/test")
  @Operation(
      summary = "Try a channel account",
      description =
          "Connects and authenticates, sends nothing. Waits up to 3 s for the version asked for; 404 when the account"
              + " is unknown here or another tenant's, 503 when the version has not arrived.")
  Result test(
      @PathVariable UUID id, @RequestParam(defaultValue = "0") long version, Identity identity) {
    AccountTable.Known account = await(id, version);
    if (account == null || !account.account().tenantId().equals(identity.tenant())) {
      throw ProblemException.notFound("channel_account", id);
    }
    if (account.account().version() < version) {
      throw ProblemException.unavailable(
          "account_not_arrived", "version " + version + " has not arrived yet");
    }
    if (account.opened() == null) {
      return new Result(false, "secret_unusable", String.valueOf(account.problem()), 0);
    }
    long start = System.nanoTime();
    AccountTest tried = sender(account).test(account.opened());
    long milliseconds = Duration.ofNanos(System.nanoTime() - start).toMillis();
    return new Result(tried.ok(), tried.code(), tried.detail(), milliseconds);
  }

  /** Runs on a virtual thread, so that waiting holds nothing up. */
  private AccountTable.@Nullable Known await(UUID id, long version) {
    long deadline = System.nanoTime() + ARRIVAL.toNanos();
    AccountTable.Known account = known.accounts().find(id);
    while ((account == null || account.account().version() < version)
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_NANOS);
      account = known.accounts().find(id);
    }
    return account;
  }

  private ChannelSender sender(AccountTable.Known account) {
    return senders.stream()
        .filter(sender -> sender.channel().equals(account.account().channel()))
        .findFirst()
        .orElseThrow(() ->
            ProblemException.conflict(
                "channel_unknown", "this worker does not speak " + account.account().channel()));
  }
}
