package io.fanfare.dispatch.engagement.token;

import io.fanfare.contract.engagement.AddressCheck;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for the envelope sender of a message, so that a bounce tells whose it is whatever else it
 * says. A local part has 64 octets (RFC 5321 §4.5.3.1.1) and may lose its case, so a token is short
 * and in base32: key, broadcast, contact, {@link AddressCheck}, and 80 bits of HMAC-SHA256.
 */
public final class BounceTokens {

  /** What the keys are derived with from the secret keys. */
  public static final String KEY_LABEL = "fanfare bounce token 1";

  /** The longest token: of a contact number below 2^42. */
  public static final int MOST_CHARACTERS = 56;

  /** The shortest one. */
  public static final int LEAST_CHARACTERS = 48;

  static final int SIGNATURE_BYTES = 10;
  private static final long CONTACTS = 1L << 42;
  private static final int PREFIX_BYTES = 1 + 16;
  private static final int MOST_BYTES = PREFIX_BYTES + 6 + 2 + SIGNATURE_BYTES;

  /**
   * What a token says.
   *
   * @param addressCheck of the address the message went to
   */
  public record Said(UUID broadcastId, long contactId, int addressCheck) {}

  private record Key(byte id, Mac mac) {}

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param secrets derived for these tokens alone, the newest first
   */
  public BounceTokens(List<SecretKey> secrets) {
    for (SecretKey secret : secrets) {
      Mac mac = mac(secret);
      keys.add(new Key(mac.doFinal("key id".getBytes(StandardCharsets.US_ASCII))[0], mac));
    }
  }

  /** Makes the tokens of one broadcast; used by many threads. */
  public final class Broadcast {

    private final Key key;
    private final byte[] prefix;

    private Broadcast(Key key, UUID broadcastId) {
      this.key = key;
      this.prefix =
          ByteBuffer.allocate(PREFIX_BYTES)
              .put(key.id())
              .putLong(broadcastId.getMostSignificantBits())
              .putLong(broadcastId.getLeastSignificantBits())
              .array();
    }

    /**
     * Appends the token of one recipient.
     *
     * @return false, with nothing appended, when the contact's number is too high for one
     */
    public boolean append(long contactId, String address, StringBuilder to) {
      if (contactId < 0 || contactId >= CONTACTS) {
        return false;
      }
      byte[] token = Arrays.copyOf(prefix, MOST_BYTES);
      int at = PREFIX_BYTES;
      long rest = contactId;
      for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
        token[at++] = (byte) (rest & 0x7F | 0x80);
      }
      token[at++] = (byte) rest;
      int check = AddressCheck.of(address);
      token[at++] = (byte) (check >>> Byte.SIZE);
      token[at++] = (byte) check;
      System.arraycopy(signature(key, token, at), 0, token, at, SIGNATURE_BYTES);
      Base32.append(token, at + SIGNATURE_BYTES, to);
      return true;
    }
  }

  public Broadcast of(UUID broadcastId) {
    return new Broadcast(keys.getFirst(), broadcastId);
  }

  /** What a token says when one of the keys signed it; nothing for any other text. */
  public Optional<Said> verify(String token) {
    if (token.length() < LEAST_CHARACTERS || token.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    byte[] bytes = Base32.decode(token);
    if (bytes == null) {
      return Optional.empty();
    }
    int signed = bytes.length - SIGNATURE_BYTES;
    byte[] given = Arrays.copyOfRange(bytes, signed, bytes.length);
    for (Key key : keys) {
      if (key.id() == bytes[0] && MessageDigest.isEqual(given, signature(key, bytes, signed))) {
        return Optional.ofNullable(read(ByteBuffer.wrap(bytes, 1, signed - 1)));
      }
    }
    return Optional.empty();
  }

  private static @Nullable Said read(ByteBuffer payload) {
    try {
      UUID broadcastId = new UUID(payload.getLong(), payload.getLong());
      long contactId = 0;
      byte next;
      int shift = 0;
      do {
        next = payload.get();
        contactId |= (next & 0x7FL) << shift;
        shift += 7;
      } while (next < 0 && shift < Long.SIZE);
      return new Said(broadcastId, contactId, payload.getShort() & 0xFFFF);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  /** Copying an initialised Mac is cheaper than making one, and this is done for every message. */
  private static byte[] signature(Key key, byte[] payload, int length) {
    try {
      Mac mac = (Mac) key.mac().clone();
      mac.update(payload, 0, length);
      return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
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
