package io.fanfare.broadcast.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Turns the text of a key into an identity. Keys are remembered for a few seconds, so that not
 * every request reads the database; a revocation holds within that time on every instance, and at
 * once on the one that took it.
 */
@Component
class KeyAuthenticator {

  private static final int REMEMBERED_KEYS = 10_000;
  private static final Duration USE_GRAIN = Duration.ofMinutes(1);

  private final ApiKeyRepository repository;
  private final Clock clock;
  private final byte[] operatorSha256;
  private final Cache<String, Optional<StoredKey>> keys;
  private final Cache<UUID, Boolean> touched =
      Caffeine.newBuilder().maximumSize(REMEMBERED_KEYS).expireAfterWrite(USE_GRAIN).build();

  /**
   * @param operatorKey the operator's key; blank when there is none, and nobody is the operator
   *     then
   * @param memory how long a key is remembered, and so how long a revocation may take to hold
   *     everywhere
   */
  KeyAuthenticator(
      ApiKeyRepository repository,
      Clock clock,
      @Value("${fanfare.operator-key:}") String operatorKey,
      @Value("${fanfare.key-memory:10s}") Duration memory) {
    this.repository = repository;
    this.clock = clock;
    this.operatorSha256 = operatorKey.isBlank() ? new byte[0] : KeySecret.sha256(operatorKey);
    this.keys = Caffeine.newBuilder().maximumSize(REMEMBERED_KEYS).expireAfterWrite(memory).build();
  }

  /** Who a key stands for; empty when it is unknown, expired or revoked. */
  Optional<Identity> authenticate(String text) {
    // Digests are compared, so that not even the length of the operator's key can be timed.
    if (MessageDigest.isEqual(operatorSha256, KeySecret.sha256(text))) {
      return Optional.of(new Identity(null, "operator", Role.OPERATOR));
    }
    return KeySecret.parse(text).flatMap(this::open).map(StoredKey::identity);
  }

  /** Reads the key anew when it is next shown. */
  void forget(String prefix) {
    keys.invalidate(prefix);
  }

  private Optional<StoredKey> open(KeySecret presented) {
    Instant now = clock.instant();
    // Unknown prefixes are remembered as well: a flood of wrong keys stays off the database.
    Optional<StoredKey> opened =
        keys.get(presented.prefix(), repository::byPrefix)
            .filter(key -> key.isOpenedBy(presented, now));
    opened.ifPresent(key -> touch(key, now));
    return opened;
  }

  private void touch(StoredKey key, Instant now) {
    if (touched.asMap().putIfAbsent(key.id(), true) == null) {
      repository.touch(key.id(), now, now.minus(USE_GRAIN));
    }
  }
}
