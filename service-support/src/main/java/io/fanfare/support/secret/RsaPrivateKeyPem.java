package io.fanfare.support.secret;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an RSA private key as OpenSSL writes it: PEM with PKCS #8 ({@code BEGIN PRIVATE KEY}) or
 * PKCS #1 ({@code BEGIN RSA PRIVATE KEY}) inside, not encrypted.
 */
public final class RsaPrivateKeyPem {

  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 4096;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (RSA )?PRIVATE"
              + " KEY-----\\s*");

  /** Version 0 and the algorithm rsaEncryption, as they stand in PKCS #8 (RFC 5208, RFC 8017). */
  private static final byte[] RSA = {
    2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;

  private RsaPrivateKeyPem() {}

  /**
   * @throws IllegalArgumentException when it is no such key of 2048 to 4096 bits; the message says
   *     what it is to be and shows nothing of it
   */
  public static RSAPrivateKey read(String pem) {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is an RSA private key in PEM, not encrypted");
    }
    RSAPrivateKey key = decoded(matcher.group(2), matcher.group(1) != null);
    int bits = key.getModulus().bitLength();
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new IllegalArgumentException("has " + MIN_BITS + " to " + MAX_BITS + " bits");
    }
    return key;
  }

  private static RSAPrivateKey decoded(String base64, boolean pkcs1) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs1 ? wrapped(der) : der);
      if (KeyFactory.getInstance("RSA").generatePrivate(spec) instanceof RSAPrivateKey key) {
        return key;
      }
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      // Told below, without a cause: its words could hold parts of the key.
    }
    throw new IllegalArgumentException("is an RSA private key in PEM, not encrypted");
  }

  private static byte[] wrapped(byte[] pkcs1) {
    ByteArrayOutputStream inside = new ByteArrayOutputStream();
    inside.writeBytes(RSA);
    inside.writeBytes(tagged(OCTETS, pkcs1));
    return tagged(SEQUENCE, inside.toByteArray());
  }

  /** A DER value with its length in three bytes, which DER allows from 256 on. */
  private static byte[] tagged(int tag, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(0x82);
    out.write(value.length >> 8);
    out.write(value.length);
    out.writeBytes(value);
    return out.toByteArray();
  }
}
