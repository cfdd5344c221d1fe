package io.fanfare.broadcast.key;

import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Makes, lists and revokes the API keys of a tenant; every change is in the audit log. */
@Service
public class ApiKeys {

  private static final String RESOURCE = "api_key";

  private final ApiKeyRepository repository;
  private final KeyAuthenticator authenticator;
  private final AuditTrail audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ApiKeys(
      ApiKeyRepository repository, KeyAuthenticator authenticator, AuditTrail audit, Clock clock) {
    this.repository = repository;
    this.authenticator = authenticator;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Makes a key for the tenant of the identity.
   *
   * @throws ProblemException 422 for the operator's role or an expiry that is not in the future
   */
  @Transactional
  public CreatedApiKey create(Identity who, NewApiKey wanted) {
    Instant now = clock.instant();
    if (wanted.role() == Role.OPERATOR) {
      throw ProblemException.invalid("/role", "is one of viewer, editor, sender, admin");
    }
    if (wanted.expiresAt() != null && !wanted.expiresAt().isAfter(now)) {
      throw ProblemException.invalid("/expires_at", "is not in the future");
    }
    KeySecret secret = KeySecret.generate(random);
    StoredKey key =
        new StoredKey(
            Ids.next(),
            who.tenant(),
            wanted.name().strip(),
            wanted.role(),
            secret.prefix(),
            secret.sha256(),
            now,
            who.actor(),
            wanted.expiresAt(),
            null,
            null);
    repository.insert(key);
    audit.record(who, "create", RESOURCE, key.id().toString(), null, audited(key));
    return new CreatedApiKey(
        key.id(), key.name(), key.role(), key.prefix(), secret.text(), key.expiresAt());
  }

  Page<ApiKey> page(UUID tenant, PageRequest request) {
    @Nullable UUID after = request.after() == null ? null : cursor(request.after());
    List<StoredKey> rows = repository.page(tenant, after, request.limitPlusOne());
    return Page.of(rows, request.limit(), row -> Cursors.encode(row.id())).map(StoredKey::shown);
  }

  ApiKey get(UUID tenant, UUID id) {
    return find(tenant, id).shown();
  }

  /** Revokes a key; doing so again changes nothing. */
  @Transactional
  void revoke(Identity who, UUID id) {
    StoredKey key = find(who.tenant(), id);
    if (repository.revoke(who.tenant(), id, clock.instant())) {
      audit.record(who, "revoke", RESOURCE, id.toString(), audited(key), null);
    }
    // Not before: until then a request reads the key as it was, and remembers it.
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            authenticator.forget(key.prefix());
          }
        });
  }

  private StoredKey find(UUID tenant, UUID id) {
    return repository.byId(tenant, id).orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  private static UUID cursor(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  private static Map<String, Object> audited(StoredKey key) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", key.name());
    fields.put("role", key.role().id());
    fields.put("prefix", key.prefix());
    if (key.expiresAt() != null) {
      fields.put("expires_at", key.expiresAt().toString());
    }
    return fields;
  }
}
