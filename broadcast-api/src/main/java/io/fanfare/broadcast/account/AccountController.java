package io.fanfare.broadcast.account;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/channel-accounts}: a bot or a mail server that broadcasts are sent with. */
@RestController
@RequestMapping("/api/v1/channel-accounts")
@Tag(
    name = "Channel accounts",
    description =
        "A Telegram bot or a mail server, its limits and its secret. Secrets are stored sealed and"
            + " never shown. Everybody may read, admins change.")
class AccountController {

  private static final String EXAMPLE =
      """
      {"id": "018f0000-0000-7000-8000-000000000003", "channel": "email", \
      "name": "Newsletter server", "settings": {"host": "smtp.example.com", "port": 587, \
      "security": "starttls", "username": "news", "from": "news@example.com", \
      "from_name": "Example School"}, "has_secret": true, "rate_per_second": 0, "shards": 8, \
      "version": 1, "created_at": "2026-11-23T07:00:00Z", "updated_at": "2026-11-23T07:00:00Z"}\
      """;
  private static final String TEST_EXAMPLE =
      """
      {"ok": true, "detail": "signed in to smtp.example.com", "milliseconds": 182}\
      """;

  private final ChannelAccounts accounts;
  private final TargetCheck targets;
  private final AccountTester tester;

  AccountController(ChannelAccounts accounts, TargetCheck targets, AccountTester tester) {
    this.accounts = accounts;
    this.targets = targets;
    this.tester = tester;
  }

  @PostMapping
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Make an account",
      description =
          "E-mail: settings host, port, security (none, starttls, tls), username, from, from_name,"
              + " reply_to, domain_limits (messages a second by recipients' mail domain, * for every"
              + " other one); secret password. Bounces go to return_path, with a token of each"
              + " recipient behind a plus, and are fetched from the mailbox of bounce_host,"
              + " bounce_port, bounce_security (tls, none), bounce_username, bounce_folder,"
              + " bounce_processed_folder, bounce_protocol (imap, pop3), bounce_delete_unmatched (with"
              + " pop3); secret bounce_password. Telegram: settings api_url, updates (poll, webhook or off;"
              + " default poll: how we learn what people answer and press); secret token. A host that"
              + " leads into a private network is refused.")
  @ApiResponse(responseCode = "201", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<AccountView> create(Identity who, @Valid @RequestBody AccountRequest request) {
    StoredAccount account = accounts.create(who, checkedPlan(request));
    return ResponseEntity.created(URI.create("/api/v1/channel-accounts/" + account.id()))
        .eTag(EntityTag.of(account.version()))
        .body(account.shown());
  }

  @GetMapping
  @Operation(summary = "List accounts", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject("{\"items\": [" + EXAMPLE + "]}")))
  Page<AccountView> list(
      Identity who,
      @Parameter(description = "Only this channel", example = "email") @RequestParam
          @Nullable String channel,
      @ParameterObject PageRequest page) {
    return accounts.page(who.tenant(), channel, page).map(StoredAccount::shown);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get an account", description = "Its version is also its ETag.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<AccountView> get(Identity who, @PathVariable UUID id) {
    return answer(accounts.get(who.tenant(), id));
  }

  @PutMapping("/{id}")
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Change an account",
      description =
          "Replaces name, settings and rate. A secret that is left out stays, unless the account is"
              + " to lead somewhere else. Channel and shards cannot be changed. With If-Match the"
              + " change is made only to that version. Running broadcasts go on with the new values.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  ResponseEntity<AccountView> update(
      Identity who,
      @PathVariable UUID id,
      @Parameter(description = "The ETag of the version to change", example = "\"1\"")
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch,
      @Valid @RequestBody AccountRequest request) {
    AccountPlan plan = checkedPlan(request);
    return answer(accounts.update(who, id, plan, ifMatch, request.shards() != null));
  }

  @DeleteMapping("/{id}")
  @RequireRole(Role.ADMIN)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete an account",
      description = "Refused with 409 while a broadcast that has not ended uses it.")
  @ApiResponse(responseCode = "204", description = "It is gone, and its secret with it.")
  void delete(
      Identity who,
      @PathVariable UUID id,
      @Parameter(description = "The ETag of the version to delete", example = "\"1\"")
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch) {
    accounts.delete(who, id, ifMatch);
  }

  @PostMapping("/{id}/test")
  @RequireRole(Role.ADMIN)
  @Operation(
      summary = "Test an account",
      description =
          "A worker connects to the provider and signs in, and sends nothing. That it does not work"
              + " is an answer (ok false), not an error.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(TEST_EXAMPLE)))
  AccountTestResult test(Identity who, @PathVariable UUID id) {
    StoredAccount account = accounts.get(who.tenant(), id);
    AccountTestResult result = tester.test(who, account);
    if (result.ok()) {
      accounts.passed(account);
    }
    return result;
  }

  private AccountPlan checkedPlan(AccountRequest request) {
    AccountPlan plan = AccountPlanner.plan(request);
    targets.check(plan.target());
    if (plan.bounces() != null) {
      targets.check(plan.bounces());
    }
    return plan;
  }

  private static ResponseEntity<AccountView> answer(StoredAccount account) {
    return ResponseEntity.ok().eTag(EntityTag.of(account.version())).body(account.shown());
  }
}
