package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a link tells of its message as a short text, and reads it again; nobody else can make
 * or change one (HMAC-SHA-256, cut to 96 bits, RFC 2104 §5). Made anew for every link of every
 * message: about a microsecond each.
 */
final class LinkTokens {

  private static final int VERSION = 1;
  private static final int TAG_BYTES = 12;
  private static final int MAX_TOKEN_CHARS = 160;
  private static final int MAX_NAME = 32;
  private static final byte NO_OFFSET = Byte.MIN_VALUE;
  private static final int QUARTER = 15;
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** A key, and the first byte of its digest, by which tokens say which one signed them. */
  private record Key(byte hint, SecretKeySpec secret, ThreadLocal<Mac> macs) {

    static Key of(byte[] bytes) {
      SecretKeySpec secret = new SecretKeySpec(bytes, ALGORITHM);
      return new Key(
          sha256(bytes)[0], secret, ThreadLocal.withInitial(() -> LinkTokens.mac(secret)));
    }

    byte[] tag(byte[] text, int length) {
      Mac mac = macs.get();
      mac.update(text, 0, length);
      return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
    }
  }

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param keys the first one signs, every one verifies
   */
  LinkTokens(Collection<byte[]> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key to sign links with");
    }
    keys.forEach(key -> this.keys.add(Key.of(key)));
  }

  /** The token as it stands in a URL: letters, digits, {@code -} and {@code _}. */
  String sign(LinkToken token) {
    Key key = keys.getFirst();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION << 4 | token.use().ordinal());
      out.writeByte(key.hint());
      out.writeLong(token.broadcastId().getMostSignificantBits());
      out.writeLong(token.broadcastId().getLeastSignificantBits());
      writeNumber(out, token.contactId());
      writeName(out, token.channel().name());
      writeName(out, token.variant());
      writeNumber(out, token.link());
      writeNumber(out, token.sentAt().getEpochSecond());
      Integer offset = token.utcOffset();
      out.writeByte(offset == null ? NO_OFFSET : offset / QUARTER);
      byte[] text = bytes.toByteArray();
      out.write(key.tag(text, text.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ENCODER.encodeToString(bytes.toByteArray());
  }

  /** What a token says; empty for whatever was not signed here, and there is no telling why. */
  Optional<LinkToken> verify(String token) {
    if (token.length() > MAX_TOKEN_CHARS) {
      return Optional.empty();
    }
    byte[] whole;
    try {
      whole = DECODER.decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int length = whole.length - TAG_BYTES;
    // Else other texts that decode to the same bytes would pass as well.
    if (length < 2 || !ENCODER.encodeToString(whole).equals(token)) {
      return Optional.empty();
    }
    byte[] tag = Arrays.copyOfRange(whole, length, whole.length);
    for (Key key : keys) {
      if (key.hint() == whole[1] && MessageDigest.isEqual(tag, key.tag(whole, length))) {
        return Optional.ofNullable(read(ByteBuffer.wrap(whole, 0, length)));
      }
    }
    return Optional.empty();
  }

  /** Null for a version that is not known here. */
  private static @Nullable LinkToken read(ByteBuffer in) {
    try {
      int first = in.get();
      if (first >> 4 != VERSION || (first & 0xf) >= LinkToken.Use.values().length) {
        return null;
      }
      in.get();
      return new LinkToken(
          LinkToken.Use.values()[first & 0xf],
          new UUID(in.getLong(), in.getLong()),
          readNumber(in),
          Channel.of(readName(in)),
          readName(in),
          (int) readNumber(in),
          Instant.ofEpochSecond(readNumber(in)),
          offset(in.get()));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Integer offset(byte quarters) {
    return quarters == NO_OFFSET ? null : quarters * QUARTER;
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    if (ascii.length > MAX_NAME) {
      throw new IllegalArgumentException("too long for a link: " + name);
    }
    out.writeByte(ascii.length);
    out.write(ascii);
  }

  private static String readName(ByteBuffer in) {
    int length = in.get();
    if (length < 0 || length > MAX_NAME) {
      throw new IllegalArgumentException("no name");
    }
    byte[] name = new byte[length];
    in.get(name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  /** Seven bits a byte, the lowest first, the highest bit set in all but the last. */
  private static void writeNumber(DataOutputStream out, long number) throws IOException {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readNumber(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("no number");
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
