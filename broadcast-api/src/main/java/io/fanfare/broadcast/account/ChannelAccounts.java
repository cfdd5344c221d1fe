package io.fanfare.broadcast.account;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.fanfare.support.secret.SecretBox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes channel accounts. Every change reaches the other services as {@code channel.account}, the
 * secret sealed, and the audit log, without the secret, in the transaction that makes it.
 */
@Service
class ChannelAccounts {

  private static final String RESOURCE = "channel_account";
  private static final TypeReference<Map<String, String>> SECRET = new TypeReference<>() {};

  private final AccountRepository repository;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final SecretBox secretBox;
  private final JsonMapper json;
  private final Clock clock;

  ChannelAccounts(
      AccountRepository repository,
      Outbox outbox,
      AuditTrail audit,
      SecretBox secretBox,
      JsonMapper json,
      Clock clock) {
    this.repository = repository;
    this.outbox = outbox;
    this.audit = audit;
    this.secretBox = secretBox;
    this.json = json;
    this.clock = clock;
  }

  @Transactional
  public StoredAccount create(Identity who, AccountPlan plan) {
    if (plan.needsSecret() && plan.secret() == null) {
      throw ProblemException.invalid("/secret", "is missing");
    }
    AccountPlanner.requireDomainLimitsDivide(plan.settings(), plan.shards());
    Instant now = now();
    StoredAccount account =
        new StoredAccount(
            Ids.next(),
            who.tenant(),
            plan.channel(),
            plan.name(),
            1,
            plan.shards(),
            plan.ratePerSecond(),
            plan.settings(),
            sealed(plan.secret()),
            now,
            now);
    repository.insert(account);
    outbox.publish(Topics.CHANNEL_ACCOUNT, account.id().toString(), account.event());
    audit.record(who, "create", RESOURCE, account.id().toString(), null, account.audited());
    return account;
  }

  StoredAccount get(UUID tenant, UUID id) {
    return found(id, repository.byId(tenant, id).orElse(null));
  }

  Page<StoredAccount> page(UUID tenant, @Nullable String channel, PageRequest request) {
    @Nullable UUID after = request.after() == null ? null : cursor(request.after());
    List<StoredAccount> rows = repository.page(tenant, channel, after, request.limitPlusOne());
    return Page.of(rows, request.limit(), row -> Cursors.encode(row.id()));
  }

  /**
   * Replaces name, settings and rate; the secret too when the request brings one.
   *
   * @param ifMatch the version the caller saw; null when it does not care
   * @param shardsGiven whether the request named a number of shards
   */
  @Transactional
  public StoredAccount update(
      Identity who, UUID id, AccountPlan plan, @Nullable String ifMatch, boolean shardsGiven) {
    StoredAccount before = found(id, repository.lock(who.tenant(), id).orElse(null));
    EntityTag.require(ifMatch, before.version());
    if (!before.channel().equals(plan.channel())) {
      throw ProblemException.invalid("/channel", "cannot be changed");
    }
    if (shardsGiven && plan.shards() != before.shards()) {
      throw ProblemException.invalid("/shards", "cannot be changed");
    }
    AccountPlanner.requireDomainLimitsDivide(plan.settings(), before.shards());
    StoredAccount after = before.changed(plan, nextSecret(before, plan), now());
    repository.update(after);
    outbox.publish(Topics.CHANNEL_ACCOUNT, id.toString(), after.event());
    audit.record(who, "update", RESOURCE, id.toString(), before.audited(), after.audited());
    return after;
  }

  /**
   * Deletes an account no broadcast needs any more.
   *
   * @throws ProblemException 409 {@code account_in_use}
   */
  @Transactional
  public void delete(Identity who, UUID id, @Nullable String ifMatch) {
    StoredAccount account = found(id, repository.lock(who.tenant(), id).orElse(null));
    EntityTag.require(ifMatch, account.version());
    if (repository.isInUse(who.tenant(), id)) {
      throw ProblemException.conflict(
          "account_in_use", "a broadcast that has not ended uses this account");
    }
    repository.delete(who.tenant(), id);
    outbox.tombstone(Topics.CHANNEL_ACCOUNT, id.toString());
    audit.record(who, "delete", RESOURCE, id.toString(), account.audited(), null);
  }

  private @Nullable String nextSecret(StoredAccount before, AccountPlan plan) {
    if (!plan.needsSecret()) {
      return null;
    }
    if (plan.secret() != null) {
      return sealed(plan.secret());
    }
    // Else whoever may edit an account could send its secret to a server of their own.
    boolean moved =
        !same(before, plan, "host")
            || !same(before, plan, "port")
            || !same(before, plan, "security")
            || !same(before, plan, "api_url")
            || !same(before, plan, BounceMailboxFields.HOST)
            || !same(before, plan, "bounce_port")
            || !same(before, plan, "bounce_security");
    if (moved) {
      throw ProblemException.invalid(
          "/secret", "is needed again when the account is to lead somewhere else or otherwise");
    }
    String sealed = before.sealedSecret();
    if (sealed == null) {
      throw ProblemException.invalid("/secret", "is missing");
    }
    if (plan.channel().equals(Channel.EMAIL)) {
      Set<String> lacking = MailSecrets.needed(plan.settings());
      lacking.removeAll(json.readValue(secretBox.open(sealed), SECRET).keySet());
      if (!lacking.isEmpty()) {
        throw ProblemException.invalid(
            "/secret/" + lacking.iterator().next(), "is needed with these settings");
      }
    }
    return sealed;
  }

  private static boolean same(StoredAccount before, AccountPlan plan, String setting) {
    String old = before.settings().getOrDefault(setting, "");
    return old.equals(plan.settings().getOrDefault(setting, ""));
  }

  private @Nullable String sealed(@Nullable Map<String, String> secret) {
    return secret == null ? null : secretBox.seal(json.writeValueAsString(secret));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static StoredAccount found(UUID id, @Nullable StoredAccount account) {
    if (account == null) {
      throw ProblemException.notFound(RESOURCE, id);
    }
    return account;
  }

  private static UUID cursor(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  /** The account passed its test call in the version it had. */
  void passed(StoredAccount account) {
    repository.passed(account.tenantId(), account.id(), account.version());
  }
}
