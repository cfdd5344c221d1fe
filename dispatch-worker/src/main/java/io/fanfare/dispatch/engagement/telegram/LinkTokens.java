package io.fanfare.dispatch.engagement.telegram;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Makes and verifies what stands behind {@code ?start=} of a link that connects one contact with
 * the chat of whoever opens it: 56 characters, of the 64 Telegram allows
 * (core.telegram.org/bots/features#deep-linking). Signed with HMAC-SHA256 cut to 96 bits.
 */
final class LinkTokens {

  private static final byte VERSION = 1;
  private static final int PAYLOAD_BYTES = 2 + 16 + 8 + 4;
  private static final int SIGNATURE_BYTES = 12;

  /** Of every token. */
  static final int CHARACTERS = (PAYLOAD_BYTES + SIGNATURE_BYTES) * 4 / 3;

  private static final long SECONDS_MASK = 0xFFFF_FFFFL;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private record Key(byte id, SecretKey secret) {}

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param secrets derived for these tokens alone, the newest first
   */
  LinkTokens(List<SecretKey> secrets) {
    for (SecretKey secret : secrets) {
      keys.add(new Key(mac(secret).doFinal(new byte[] {VERSION})[0], secret));
    }
  }

  /** A token for one contact and account. */
  String make(UUID tenantId, UUID accountId, long contactId, Instant expiresAt) {
    Key key = keys.getFirst();
    ByteBuffer token =
        ByteBuffer.allocate(PAYLOAD_BYTES + SIGNATURE_BYTES)
            .put(VERSION)
            .put(key.id())
            .putLong(accountId.getMostSignificantBits())
            .putLong(accountId.getLeastSignificantBits())
            .putLong(contactId)
            .putInt((int) expiresAt.getEpochSecond());
    token.put(signature(key, tenantId, token.array()));
    return ENCODER.encodeToString(token.array());
  }

  /**
   * The contact a token is for; nothing for any text that was not signed here for this tenant and
   * one of these accounts, or whose time is over.
   */
  OptionalLong verify(String token, UUID tenantId, Collection<UUID> accounts, Instant now) {
    if (token.length() != CHARACTERS) {
      return OptionalLong.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
    if (bytes.length != PAYLOAD_BYTES + SIGNATURE_BYTES || bytes[0] != VERSION) {
      return OptionalLong.empty();
    }
    byte[] given = Arrays.copyOfRange(bytes, PAYLOAD_BYTES, bytes.length);
    boolean signed =
        keys.stream()
            .filter(key -> key.id() == bytes[1])
            .anyMatch(key -> MessageDigest.isEqual(given, signature(key, tenantId, bytes)));
    ByteBuffer payload = ByteBuffer.wrap(bytes, 2, PAYLOAD_BYTES - 2);
    UUID account = new UUID(payload.getLong(), payload.getLong());
    long contact = payload.getLong();
    long expires = payload.getInt() & SECONDS_MASK;
    return signed && accounts.contains(account) && now.getEpochSecond() < expires
        ? OptionalLong.of(contact)
        : OptionalLong.empty();
  }

  private static byte[] signature(Key key, UUID tenantId, byte[] token) {
    Mac mac = mac(key.secret());
    mac.update(token, 0, PAYLOAD_BYTES);
    mac.update(
        ByteBuffer.allocate(16)
            .putLong(tenantId.getMostSignificantBits())
            .putLong(tenantId.getLeastSignificantBits())
            .array());
    return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
  }

  private static Mac mac(SecretKey key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
