package io.fanfare.dispatch.engagement.preference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Signs payloads of one length with HMAC-SHA256 cut to 96 bits, and reads them back. Signs with the
 * first key and accepts all.
 */
final class TokenSigner {

  private static final int HEAD_BYTES = 2;
  private static final int SIGNATURE_BYTES = 12;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private record Key(byte id, SecretKey secret) {}

  private final byte version;
  private final int payloadBytes;
  private final List<Key> keys = new ArrayList<>();

  /**
   * @param version of the payload, so that no token is taken for one of another kind
   * @param payloadBytes of every payload; a token should be a multiple of three bytes
   */
  TokenSigner(byte version, int payloadBytes, List<SecretKey> secrets) {
    this.version = version;
    this.payloadBytes = payloadBytes;
    for (SecretKey secret : secrets) {
      byte[] name = mac(secret).doFinal("key id".getBytes(StandardCharsets.US_ASCII));
      keys.add(new Key(name[0], secret));
    }
  }

  String sign(ByteBuffer payload) {
    Key key = keys.getFirst();
    ByteBuffer token =
        ByteBuffer.allocate(HEAD_BYTES + payloadBytes + SIGNATURE_BYTES)
            .put(version)
            .put(key.id())
            .put(payload.array());
    token.put(signature(key, token.array()));
    return ENCODER.encodeToString(token.array());
  }

  /** The payload of a token that one of the keys signed; nothing for any other text. */
  Optional<ByteBuffer> verify(String token) {
    int length = HEAD_BYTES + payloadBytes + SIGNATURE_BYTES;
    if (token.length() > length * 2) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // Unused bits of the last character would make several texts one token.
    if (bytes.length != length
        || bytes[0] != version
        || !ENCODER.encodeToString(bytes).equals(token)) {
      return Optional.empty();
    }
    byte[] given = Arrays.copyOfRange(bytes, length - SIGNATURE_BYTES, length);
    boolean signed =
        keys.stream()
            .filter(key -> key.id() == bytes[1])
            .anyMatch(key -> MessageDigest.isEqual(given, signature(key, bytes)));
    return signed
        ? Optional.of(ByteBuffer.wrap(bytes, HEAD_BYTES, payloadBytes))
        : Optional.empty();
  }

  private byte[] signature(Key key, byte[] token) {
    Mac mac = mac(key.secret());
    mac.update(token, 0, HEAD_BYTES + payloadBytes);
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
