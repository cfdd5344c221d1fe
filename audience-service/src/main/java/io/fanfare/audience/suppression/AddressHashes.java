package io.fanfare.audience.suppression;

import io.fanfare.support.secret.SecretBox;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keyed hashes (HMAC-SHA256) of addresses whose contacts were erased. Without {@code
 * FANFARE_SECRET_KEYS} there are none.
 */
@Component
class AddressHashes {

  private final List<SecretKey> keys;

  AddressHashes(@Value("${FANFARE_SECRET_KEYS:}") String secretKeys) {
    keys =
        secretKeys.isBlank()
            ? List.of()
            : new SecretBox(secretKeys).derive("fanfare suppressed address 1");
  }

  /** With the newest key; null without keys. */
  byte @Nullable [] newest(SuppressedAddress address) {
    return keys.isEmpty() ? null : hash(keys.getFirst(), address);
  }

  /** With every key, since nobody knows which one was the newest at the time. */
  List<byte[]> all(SuppressedAddress address) {
    List<byte[]> hashes = new ArrayList<>(keys.size());
    keys.forEach(key -> hashes.add(hash(key, address)));
    return hashes;
  }

  private static byte[] hash(SecretKey key, SuppressedAddress address) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String text = address.channel().name() + ":" + address.address();
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
