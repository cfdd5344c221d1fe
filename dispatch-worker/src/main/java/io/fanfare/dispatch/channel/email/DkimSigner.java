package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.support.secret.RsaPrivateKeyPem;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs messages for a domain (DKIM, RFC 6376): rsa-sha256 over relaxed headers and a relaxed body,
 * worked out on the bytes that are sent. Nearly all of its price is the RSA operation.
 */
final class DkimSigner {

  /**
   * What is signed where a message has it. One more of the first five than there are is signed as
   * well, so that nobody on the way can add another (RFC 6376 §5.4.2).
   */
  private static final List<String> SIGNED =
      List.of(
          "From",
          "Reply-To",
          "To",
          "Subject",
          "Date",
          "Message-ID",
          "MIME-Version",
          "Content-Type",
          "List-Unsubscribe",
          "List-Unsubscribe-Post");

  private static final int SEALED = 5;
  private static final int BASE64_LINE = 72;

  private final String domain;
  private final String selector;
  private final PrivateKey key;

  DkimSigner(String domain, String selector, PrivateKey key) {
    this.domain = domain;
    this.selector = selector;
    this.key = key;
  }

  /**
   * The signer an account asks for; null when it asks for none.
   *
   * @throws SmtpAccount.Invalid when its selector is missing or its key is none; the message does
   *     not show the key
   */
  static @Nullable DkimSigner of(OpenedAccount account) throws SmtpAccount.Invalid {
    Map<String, String> settings = account.settings();
    String domain = settings.getOrDefault("dkim_domain", "");
    String selector = settings.getOrDefault("dkim_selector", "");
    if (domain.isEmpty()) {
      return null;
    }
    if (selector.isEmpty()) {
      throw new SmtpAccount.Invalid("the account has a dkim_domain and no dkim_selector");
    }
    try {
      String pem = account.secret().getOrDefault("dkim_private_key", "");
      return new DkimSigner(domain, selector, RsaPrivateKeyPem.read(pem));
    } catch (IllegalArgumentException wrong) {
      throw new SmtpAccount.Invalid("the account's dkim_private_key " + wrong.getMessage());
    }
  }

  String domain() {
    return domain;
  }

  /** The message with its signature before it; {@code message} is header, empty line and body. */
  byte[] signed(MessageBytes message, Instant now) {
    return signed(message, new byte[0], now);
  }

  /**
   * The same of a message that files follow.
   *
   * @param files they, in relaxed form
   */
  byte[] signed(MessageBytes message, byte[] files, Instant now) {
    DkimFields fields = DkimFields.of(message);
    MessageBytes out = new MessageBytes(message.length() + 1024);
    out.ascii("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n\td=")
        .ascii(domain)
        .ascii(";\r\n\ts=")
        .ascii(selector)
        .ascii(";\r\n\tt=")
        .ascii(Long.toString(now.getEpochSecond()))
        .ascii(";\r\n\th=");
    MessageBytes hashed = new MessageBytes(2048);
    signHeaders(fields, out, hashed);
    out.ascii(";\r\n\tbh=")
        .put(base64(bodyHash(message, fields.bodyStart(), files)))
        .ascii(";\r\n\tb=");
    DkimCanonical.header(out.array(), 0, out.length(), hashed);
    appendFolded(base64(signature(hashed)), out);
    return out.ascii("\r\n").put(message.array(), 0, message.length()).copy();
  }

  /** Appends the names that are signed to {@code out} and the fields themselves to the other. */
  private static void signHeaders(DkimFields fields, MessageBytes out, MessageBytes hashed) {
    int column = 0;
    for (int i = 0; i < SIGNED.size(); i++) {
      String name = SIGNED.get(i);
      boolean there = fields.appendCanonical(name, hashed);
      for (int times = (there ? 1 : 0) + (i < SEALED ? 1 : 0); times > 0; times--) {
        if (column > 0) {
          out.put(':');
        }
        if (column + name.length() > BASE64_LINE) {
          out.ascii("\r\n\t");
          column = 0;
        }
        out.ascii(name);
        column += name.length() + 1;
      }
    }
  }

  private static byte[] bodyHash(MessageBytes message, int bodyStart, byte[] files) {
    MessageBytes body = new MessageBytes(message.length() - bodyStart + 2);
    if (files.length == 0) {
      DkimCanonical.body(message.array(), bodyStart, message.length(), body);
    } else {
      DkimCanonical.bodyStart(message.array(), bodyStart, message.length(), body);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body.array(), 0, body.length());
      digest.update(files);
      return digest.digest();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte[] signature(MessageBytes hashed) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(hashed.array(), 0, hashed.length());
      return signature.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void appendFolded(byte[] base64, MessageBytes out) {
    for (int from = 0; from < base64.length; from += BASE64_LINE) {
      out.ascii(from == 0 ? "" : "\r\n\t");
      out.put(base64, from, Math.min(base64.length, from + BASE64_LINE));
    }
  }

  private static byte[] base64(byte[] bytes) {
    return Base64.getEncoder().encode(bytes);
  }
}
