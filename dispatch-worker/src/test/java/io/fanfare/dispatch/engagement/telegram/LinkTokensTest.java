package io.fanfare.dispatch.engagement.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.support.secret.SecretBox;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkTokensTest {

  private static final UUID TENANT = UUID.randomUUID();
  private static final UUID ACCOUNT = UUID.randomUUID();
  private static final List<UUID> ACCOUNTS = List.of(UUID.randomUUID(), ACCOUNT);
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  private final LinkTokens tokens = tokens("a:" + key(1));
  private final String token = tokens.make(TENANT, ACCOUNT, 42, NOW.plusSeconds(60));

  @Test
  void isWhatTelegramTakes() {
    assertThat(token).hasSize(LinkTokens.CHARACTERS).matches("[A-Za-z0-9_-]{1,64}");
    assertThat(tokens.verify(token, TENANT, ACCOUNTS, NOW)).hasValue(42);
  }

  @Test
  void isGoodForItsTenantItsAccountAndItsTimeAlone() {
    assertThat(tokens.verify(token, UUID.randomUUID(), ACCOUNTS, NOW)).isEmpty();
    assertThat(tokens.verify(token, TENANT, List.of(UUID.randomUUID()), NOW)).isEmpty();
    assertThat(tokens.verify(token, TENANT, ACCOUNTS, NOW.plusSeconds(60))).isEmpty();
    assertThat(tokens("b:" + key(2)).verify(token, TENANT, ACCOUNTS, NOW)).isEmpty();
  }

  @Test
  void anotherFirstKeyAcceptsWhatTheOneBeforeSigned() {
    assertThat(tokens("b:" + key(2) + ",a:" + key(1)).verify(token, TENANT, ACCOUNTS, NOW))
        .hasValue(42);
  }

  @Test
  void noOtherTextIsOne() {
    for (String other : new String[] {"", "x", token + "A", "*".repeat(56), "A".repeat(56)}) {
      assertThat(tokens.verify(other, TENANT, ACCOUNTS, NOW)).as(other).isEmpty();
    }
    assertThat(
            IntStream.range(0, token.length())
                .mapToObj(i ->
                    token.substring(0, i)
                        + (token.charAt(i) == 'A' ? 'B' : 'A')
                        + token.substring(i + 1)))
        .allSatisfy(changed ->
            assertThat(tokens.verify(changed, TENANT, ACCOUNTS, NOW)).as(changed).isEmpty());
  }

  @Test
  void aWebhooksSecretIsOfOneAccountAndAnyKey() {
    WebhookSecrets secrets = new WebhookSecrets(new SecretBox("a:" + key(1)).derive("w"));
    String secret = secrets.of(ACCOUNT);
    assertThat(secret).matches("[A-Za-z0-9_-]{1,256}");
    assertThat(secrets.isRight(ACCOUNT, secret)).isTrue();
    assertThat(secrets.isRight(UUID.randomUUID(), secret)).isFalse();
    assertThat(secrets.isRight(ACCOUNT, secret + "x")).isFalse();
    assertThat(secrets.isRight(ACCOUNT, null)).isFalse();
    var both = new WebhookSecrets(new SecretBox("b:" + key(2) + ",a:" + key(1)).derive("w"));
    assertThat(both.isRight(ACCOUNT, secret)).isTrue();
    assertThat(both.of(ACCOUNT)).isNotEqualTo(secret);
  }

  private static LinkTokens tokens(String keys) {
    return new LinkTokens(new SecretBox(keys).derive("t"));
  }

  private static String key(int fill) {
    byte[] key = new byte[32];
    key[0] = (byte) fill;
    return Base64.getEncoder().encodeToString(key);
  }
}
