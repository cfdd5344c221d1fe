package io.fanfare.broadcast.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** What makes two requests the same request: method, path, query and body. */
final class RequestFingerprint {

  private RequestFingerprint() {}

  static byte[] of(String method, String path, @Nullable String query, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      // No part but the body can hold a line feed, so no two requests read the same.
      digest.update((method + "\n" + path + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(((query == null ? "" : query) + "\n").getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
