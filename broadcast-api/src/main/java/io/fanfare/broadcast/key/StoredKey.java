package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An API key as it is stored: its secret is known by its SHA-256 alone. */
record StoredKey(
    UUID id,
    UUID tenantId,
    String name,
    Role role,
    String prefix,
    byte[] secretSha256,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {

  /** Whether the text is this key's and the key still opens. */
  boolean isOpenedBy(KeySecret presented, Instant now) {
    // Compared in constant time, and before the dates, so that time tells nothing about either.
    boolean same = MessageDigest.isEqual(secretSha256, presented.sha256());
    return same && revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  Identity identity() {
    return new Identity(tenantId, "key:" + id, role);
  }

  /** What the API shows of it. */
  ApiKey shown() {
    return new ApiKey(
        id, name, role, prefix, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt);
  }
}
