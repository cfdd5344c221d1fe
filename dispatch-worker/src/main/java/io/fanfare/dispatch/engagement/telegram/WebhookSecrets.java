package io.fanfare.dispatch.engagement.telegram;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * What Telegram has to say with every update it brings to an account's webhook: made of the
 * service's keys and the account's id, so that it is stored nowhere.
 */
final class WebhookSecrets {

  private final List<SecretKey> keys;

  /**
   * @param keys derived for this alone, the newest first
   */
  WebhookSecrets(List<SecretKey> keys) {
    this.keys = keys;
  }

  /** The one to tell Telegram: 43 characters of {@code A-Za-z0-9_-}. */
  String of(UUID accountId) {
    return made(keys.getFirst(), accountId);
  }

  /** Whether one was made here, by any key; takes as long whatever is wrong with it. */
  boolean isRight(UUID accountId, @Nullable String said) {
    byte[] given = (said == null ? "" : said).getBytes(StandardCharsets.UTF_8);
    boolean right = false;
    for (SecretKey key : keys) {
      byte[] made = made(key, accountId).getBytes(StandardCharsets.US_ASCII);
      right |= MessageDigest.isEqual(made, given);
    }
    return right;
  }

  private static String made(SecretKey key, UUID accountId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] made = mac.doFinal(accountId.toString().getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(made);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
