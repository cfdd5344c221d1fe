package io.fanfare.support.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts with AES-256-GCM. The first key seals, every key opens, so that keys can be changed
 * without a break: put the new one first, and drop the old one when nothing it sealed is left.
 */
public final class SecretBox {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, SecretKey> keys = new LinkedHashMap<>();
  private final String sealingKey;

  /**
   * @param keyList {@code id:base64[,id:base64…]}, each key of 32 bytes
   * @throws IllegalArgumentException when it is not of that form; the message holds no key
   */
  public SecretBox(String keyList) {
    for (String entry : keyList.split(",")) {
      int colon = entry.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("FANFARE_SECRET_KEYS is id:base64[,id:base64…]");
      }
      byte[] key = Base64.getDecoder().decode(entry.substring(colon + 1).strip());
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException("a key of FANFARE_SECRET_KEYS is not of 32 bytes");
      }
      keys.put(entry.substring(0, colon).strip(), new SecretKeySpec(key, "AES"));
    }
    sealingKey = keys.keySet().iterator().next();
  }

  /** The text sealed, as {@code <key id>:<base64>}. */
  public String seal(String plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, sealingKey, nonce);
      byte[] sealed = cipher.doFinal(plain.getBytes(StandardCharsets.UTF_8));
      byte[] whole = new byte[NONCE_BYTES + sealed.length];
      System.arraycopy(nonce, 0, whole, 0, NONCE_BYTES);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return sealingKey + ":" + Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The text that was sealed.
   *
   * @throws IllegalArgumentException when it was sealed with a key this box has not, or was changed
   */
  public String open(String sealed) {
    int colon = sealed.indexOf(':');
    String keyId = colon < 0 ? "" : sealed.substring(0, colon);
    if (!keys.containsKey(keyId)) {
      throw new IllegalArgumentException("sealed with an unknown key");
    }
    try {
      byte[] whole = Base64.getDecoder().decode(sealed.substring(colon + 1));
      byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, keyId, nonce)
              .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
      return new String(plain, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not what was sealed", e);
    }
  }

  /**
   * Keys for another purpose than sealing, one made of each key (HMAC-SHA256 of the label), the
   * sealing one's first. Who knows one of them knows none of the others.
   *
   * @param label names the purpose
   */
  public List<SecretKey> derive(String label) {
    List<SecretKey> derived = new ArrayList<>(keys.size());
    for (SecretKey key : keys.values()) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
        byte[] made = mac.doFinal(label.getBytes(StandardCharsets.UTF_8));
        derived.add(new SecretKeySpec(made, "HmacSHA256"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return List.copyOf(derived);
  }

  private Cipher cipher(int mode, String keyId, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
