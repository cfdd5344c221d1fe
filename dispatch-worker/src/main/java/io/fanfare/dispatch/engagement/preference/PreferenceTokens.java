package io.fanfare.dispatch.engagement.preference;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.SecretKey;

/**
 * Makes and verifies what stands in a link to a contact's preferences, of 56 characters, and in one
 * with which it confirms a list, of 78.
 */
public final class PreferenceTokens {

  /** What the keys are derived with from the secret keys. */
  public static final String KEY_LABEL = "fanfare preference token 1";

  private static final long SECONDS_MASK = 0xFFFF_FFFFL;
  private static final int BYTES = 16 + 8 + 4;

  /** What a text is. */
  sealed interface Verdict<T> {}

  /** A token of ours. */
  record Good<T>(T about) implements Verdict<T> {}

  /** A token of ours whose time is over. */
  record Expired<T>() implements Verdict<T> {}

  /** Any other text. */
  record Unknown<T>() implements Verdict<T> {}

  /** Whose preferences. */
  record Contact(UUID tenantId, long contactId) {}

  /** Who confirms which list. */
  record Confirmation(UUID tenantId, long contactId, UUID listId) {}

  private final TokenSigner preferences;
  private final TokenSigner confirmations;

  /**
   * @param secrets derived for these tokens alone, the newest first
   */
  public PreferenceTokens(List<SecretKey> secrets) {
    preferences = new TokenSigner((byte) 1, BYTES, secrets);
    confirmations = new TokenSigner((byte) 2, BYTES + 16, secrets);
  }

  String make(UUID tenantId, long contactId, Instant expiresAt) {
    return preferences.sign(put(ByteBuffer.allocate(BYTES), tenantId, contactId, expiresAt));
  }

  String makeConfirmation(UUID tenantId, long contactId, UUID listId, Instant expiresAt) {
    return confirmations.sign(
        put(ByteBuffer.allocate(BYTES + 16), tenantId, contactId, expiresAt)
            .putLong(listId.getMostSignificantBits())
            .putLong(listId.getLeastSignificantBits()));
  }

  private static ByteBuffer put(
      ByteBuffer payload, UUID tenantId, long contactId, Instant expiresAt) {
    return payload
        .putLong(tenantId.getMostSignificantBits())
        .putLong(tenantId.getLeastSignificantBits())
        .putLong(contactId)
        .putInt((int) expiresAt.getEpochSecond());
  }

  Verdict<Contact> verify(String token, Instant now) {
    ByteBuffer payload = preferences.verify(token).orElse(null);
    if (payload == null) {
      return new Unknown<>();
    }
    Contact contact = new Contact(uuid(payload), payload.getLong());
    return isOver(payload, now) ? new Expired<>() : new Good<>(contact);
  }

  Verdict<Confirmation> verifyConfirmation(String token, Instant now) {
    ByteBuffer payload = confirmations.verify(token).orElse(null);
    if (payload == null) {
      return new Unknown<>();
    }
    UUID tenant = uuid(payload);
    long contact = payload.getLong();
    boolean over = isOver(payload, now);
    return over ? new Expired<>() : new Good<>(new Confirmation(tenant, contact, uuid(payload)));
  }

  private static UUID uuid(ByteBuffer payload) {
    return new UUID(payload.getLong(), payload.getLong());
  }

  private static boolean isOver(ByteBuffer payload, Instant now) {
    return now.getEpochSecond() >= (payload.getInt() & SECONDS_MASK);
  }
}
