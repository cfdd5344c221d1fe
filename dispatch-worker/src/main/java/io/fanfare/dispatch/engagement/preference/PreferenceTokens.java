package io.fanfare.dispatch.engagement.preference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Makes and verifies what stands in a link to a contact's preferences: 56 characters, signed with
 * HMAC-SHA256 cut to 96 bits. Signs with the first key and accepts all.
 */
public final class PreferenceTokens {

  /** What the keys are derived with from the secret keys. */
  public static final String KEY_LABEL = "fanfare preference token 1";

  private static final byte VERSION = 1;
  private static final int PAYLOAD_BYTES = 2 + 16 + 8 + 4;
  private static final int SIGNATURE_BYTES = 12;

  /** Of every token. */
  static final int CHARACTERS = (PAYLOAD_BYTES + SIGNATURE_BYTES) * 4 / 3;

  private static final long SECONDS_MASK = 0xFFFF_FFFFL;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** What a text is. */
  sealed interface Verdict {}

  /** A token of ours for this contact. */
  record Good(UUID tenantId, long contactId) implements Verdict {}

  /** A token of ours whose time is over. */
  record Expired() implements Verdict {}

  /** Any other text. */
  record Unknown() implements Verdict {}

  private record Key(byte id, SecretKey secret) {}

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param secrets derived for these tokens alone, the newest first
   */
  public PreferenceTokens(List<SecretKey> secrets) {
    for (SecretKey secret : secrets) {
      byte[] name = mac(secret).doFinal("key id".getBytes(StandardCharsets.US_ASCII));
      keys.add(new Key(name[0], secret));
    }
  }

  String make(UUID tenantId, long contactId, Instant expiresAt) {
    Key key = keys.getFirst();
    ByteBuffer token =
        ByteBuffer.allocate(PAYLOAD_BYTES + SIGNATURE_BYTES)
            .put(VERSION)
            .put(key.id())
            .putLong(tenantId.getMostSignificantBits())
            .putLong(tenantId.getLeastSignificantBits())
            .putLong(contactId)
            .putInt((int) expiresAt.getEpochSecond());
    token.put(signature(key, token.array()));
    return ENCODER.encodeToString(token.array());
  }

  Verdict verify(String token, Instant now) {
    if (token.length() != CHARACTERS) {
      return new Unknown();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return new Unknown();
    }
    if (bytes.length != PAYLOAD_BYTES + SIGNATURE_BYTES || bytes[0] != VERSION) {
      return new Unknown();
    }
    byte[] given = Arrays.copyOfRange(bytes, PAYLOAD_BYTES, bytes.length);
    boolean signed =
        keys.stream()
            .filter(key -> key.id() == bytes[1])
            .anyMatch(key -> MessageDigest.isEqual(given, signature(key, bytes)));
    if (!signed) {
      return new Unknown();
    }
    ByteBuffer payload = ByteBuffer.wrap(bytes, 2, PAYLOAD_BYTES - 2);
    UUID tenant = new UUID(payload.getLong(), payload.getLong());
    long contact = payload.getLong();
    long expires = payload.getInt() & SECONDS_MASK;
    return now.getEpochSecond() < expires ? new Good(tenant, contact) : new Expired();
  }

  private static byte[] signature(Key key, byte[] token) {
    Mac mac = mac(key.secret());
    mac.update(token, 0, PAYLOAD_BYTES);
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
