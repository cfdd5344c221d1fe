package io.fanfare.broadcast.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an API key, {@code ff_<prefix>_<secret>}: eight characters it is found by, and 256
 * random bits in base64url. The secret is that long, so one round of SHA-256 keeps it: there is
 * nothing to guess.
 *
 * @param prefix what may be shown
 * @param secret what may not
 */
record KeySecret(String prefix, String secret) {

  private static final int PREFIX_CHARACTERS = 8;
  private static final int SECRET_BYTES = 32;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Pattern FORM = Pattern.compile("ff_([a-z0-9]{8})_([A-Za-z0-9_-]{43})");

  /** A new key. */
  static KeySecret generate(SecureRandom random) {
    StringBuilder prefix = new StringBuilder();
    while (prefix.length() < PREFIX_CHARACTERS) {
      prefix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new KeySecret(
        prefix.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** The parts of a text; empty when it has not the form of a key. */
  static Optional<KeySecret> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new KeySecret(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The whole key, shown once. */
  String text() {
    return "ff_" + prefix + "_" + secret;
  }

  /** What is stored of the secret. */
  byte[] sha256() {
    return sha256(secret);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never prints the secret. */
  @Override
  public String toString() {
    return "KeySecret[" + prefix + "]";
  }
}
