package io.fanfare.dispatch.engagement.token;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.token.EngagementToken.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes and verifies tokens. Signs with the first key and accepts all; the signature is HMAC-SHA256
 * cut to 96 bits (RFC 2104 §5 wants at least 80).
 */
public final class EngagementTokens {

  /** The most a variant's name may take in a token, in bytes of UTF-8. */
  public static final int MOST_VARIANT_BYTES = 32;

  /** What the keys of tokens are derived with from the secret keys. */
  public static final String KEY_LABEL = "fanfare engagement token 1";

  /** The longest token there is: that of the longest variant, channel and contact id. */
  public static final int MOST_CHARACTERS = 200;

  static final int SIGNATURE_BYTES = 12;
  private static final int VERSION = 2;
  private static final int NO_SEGMENT = 0;
  private static final int NO_OFFSET = 127;
  private static final int QUARTER = 15;
  private static final long SECONDS_MASK = 0xFFFF_FFFFL;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** A key and the byte by which tokens name it. */
  private record Key(byte id, SecretKey secret) {}

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param secrets derived for tokens alone, the newest first
   */
  public EngagementTokens(List<SecretKey> secrets) {
    for (SecretKey secret : secrets) {
      byte[] name = mac(secret).doFinal("key id".getBytes(StandardCharsets.US_ASCII));
      keys.add(new Key(name[0], secret));
    }
  }

  /** Makes the tokens of one message; used by one thread. */
  public static final class Message {
    private final Mac mac;
    private final ByteBuffer payload;
    private final int linkAt;
    private final int seconds;
    private final byte offset;

    private Message(
        Key key,
        UUID broadcastId,
        long contactId,
        Channel channel,
        String variant,
        @Nullable Integer segment,
        Instant now,
        @Nullable Integer utcOffset) {
      mac = mac(key.secret());
      byte[] channelName = channel.name().getBytes(StandardCharsets.UTF_8);
      byte[] variantName = variant.getBytes(StandardCharsets.UTF_8);
      payload = ByteBuffer.allocate(64 + channelName.length + variantName.length);
      payload.put((byte) VERSION).put(key.id()).put((byte) 0);
      payload.putLong(broadcastId.getMostSignificantBits());
      payload.putLong(broadcastId.getLeastSignificantBits());
      putVarint(contactId);
      payload.put((byte) channelName.length).put(channelName);
      payload.put((byte) variantName.length).put(variantName);
      payload.put((byte) (segment == null ? NO_SEGMENT : segment));
      linkAt = payload.position();
      seconds = (int) now.getEpochSecond();
      offset = utcOffset == null ? NO_OFFSET : (byte) (utcOffset / QUARTER);
    }

    /** A token that is about the stored link of a number, or about none. */
    public String token(Kind kind, int link) {
      return token(kind, link, null);
    }

    /** A token that is good beside this target alone. */
    public String tokenTo(int link, String target) {
      return token(Kind.CLICK_TO, link, target);
    }

    private String token(Kind kind, int link, @Nullable String target) {
      payload.put(2, (byte) kind.code()).position(linkAt);
      putVarint(link);
      payload.putInt(seconds).put(offset);
      int signed = payload.position();
      payload.put(signature(mac, payload.array(), signed, target));
      return ENCODER.encodeToString(Arrays.copyOf(payload.array(), payload.position()));
    }

    private void putVarint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        payload.put((byte) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      payload.put((byte) rest);
    }
  }

  /**
   * Begins the tokens of one message.
   *
   * @param variant of at most {@link #MOST_VARIANT_BYTES}
   * @param segment the part of the audience, 1 to 255; null for none
   * @param utcOffset minutes east of UTC; null when unknown
   */
  public Message message(
      UUID broadcastId,
      long contactId,
      Channel channel,
      String variant,
      @Nullable Integer segment,
      Instant now,
      @Nullable Integer utcOffset) {
    return new Message(
        keys.getFirst(), broadcastId, contactId, channel, variant, segment, now, utcOffset);
  }

  /**
   * What a token says when one of the keys signed it; nothing for any other text.
   *
   * @param target what stands beside the token; only a {@link Kind#CLICK_TO} has something there
   */
  public Optional<EngagementToken> verify(String token, @Nullable String target) {
    if (token.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = DECODER.decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int signed = bytes.length - SIGNATURE_BYTES;
    // Unused bits of the last character would make several texts one token.
    if (signed < 3 || bytes[0] != VERSION || !ENCODER.encodeToString(bytes).equals(token)) {
      return Optional.empty();
    }
    Kind kind = Kind.of(bytes[2]);
    if (kind == null || (kind == Kind.CLICK_TO) != (target != null)) {
      return Optional.empty();
    }
    byte[] given = Arrays.copyOfRange(bytes, signed, bytes.length);
    for (Key key : keys) {
      if (key.id() == bytes[1]
          && MessageDigest.isEqual(given, signature(mac(key.secret()), bytes, signed, target))) {
        return Optional.ofNullable(read(kind, ByteBuffer.wrap(bytes, 3, signed - 3)));
      }
    }
    return Optional.empty();
  }

  private static @Nullable EngagementToken read(Kind kind, ByteBuffer payload) {
    try {
      UUID broadcastId = new UUID(payload.getLong(), payload.getLong());
      long contactId = varint(payload);
      Channel channel = Channel.of(text(payload));
      String variant = text(payload);
      int segment = Byte.toUnsignedInt(payload.get());
      int link = (int) varint(payload);
      Instant sentAt = Instant.ofEpochSecond(payload.getInt() & SECONDS_MASK);
      byte offset = payload.get();
      return new EngagementToken(
          kind,
          broadcastId,
          contactId,
          channel,
          variant,
          segment == NO_SEGMENT ? null : segment,
          link,
          sentAt,
          offset == NO_OFFSET ? null : offset * QUARTER);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = from.get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("too long a number");
  }

  private static String text(ByteBuffer from) {
    byte[] bytes = new byte[Byte.toUnsignedInt(from.get())];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] signature(Mac mac, byte[] payload, int length, @Nullable String target) {
    mac.update(payload, 0, length);
    if (target != null) {
      mac.update(target.getBytes(StandardCharsets.UTF_8));
    }
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
