package io.fanfare.dispatch.engagement.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.token.EngagementToken.Kind;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class EngagementTokensTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.9Z");
  private static final UUID BROADCAST = new UUID(7, 12);
  private static final SecretKey OLD = key(1);
  private static final SecretKey NEW = key(2);

  private final EngagementTokens tokens = new EngagementTokens(List.of(OLD));

  @Test
  void saysWhatWasSigned() {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      UUID broadcast = new UUID(random.nextLong(), random.nextLong());
      long contact = random.nextLong() >>> random.nextInt(64);
      int link = random.nextInt() >>> 1 + random.nextInt(30);
      Integer offset = random.nextBoolean() ? null : 15 * (random.nextInt(105) - 48);
      Channel channel = random.nextBoolean() ? Channel.EMAIL : Channel.TELEGRAM;
      Integer segment = random.nextBoolean() ? null : 1 + random.nextInt(255);
      String token =
          tokens
              .message(broadcast, contact, channel, "b", segment, NOW, offset)
              .token(Kind.CLICK, link);
      assertThat(token.length()).isLessThan(100);
      assertThat(tokens.verify(token, null))
          .contains(
              new EngagementToken(
                  Kind.CLICK,
                  broadcast,
                  contact,
                  channel,
                  "b",
                  segment,
                  link,
                  Instant.parse("2026-03-04T05:06:07Z"),
                  offset));
    }
  }

  @Test
  void everyTokenOfAMessageIsItsOwn() {
    var message = message(tokens);
    String open = message.token(Kind.OPEN, 0);
    String second = message.token(Kind.CLICK, 2);
    String large = message.token(Kind.CLICK, 70_000);
    String third = message.token(Kind.CLICK, 3);
    assertThat(tokens.verify(open, null).orElseThrow().kind()).isEqualTo(Kind.OPEN);
    assertThat(tokens.verify(second, null).orElseThrow().link()).isEqualTo(2);
    assertThat(tokens.verify(large, null).orElseThrow().link()).isEqualTo(70_000);
    assertThat(tokens.verify(third, null).orElseThrow().link()).isEqualTo(3);
  }

  @Test
  void everyBitCounts() {
    byte[] token = Base64.getUrlDecoder().decode(message(tokens).token(Kind.CLICK, 2));
    for (int bit = 0; bit < token.length * 8; bit++) {
      byte[] flipped = token.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(tokens.verify(text(flipped), null)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void everyCharacterCounts() {
    String token = message(tokens).token(Kind.CLICK, 2);
    for (int length = 0; length < token.length(); length++) {
      assertThat(tokens.verify(token.substring(0, length), null)).isEmpty();
    }
    for (char c : "ABCDwxyz0189-_".toCharArray()) {
      String other = token.substring(0, token.length() - 1) + c;
      assertThat(tokens.verify(other, null).isPresent()).isEqualTo(other.equals(token));
    }
    assertThat(tokens.verify(token + "=", null)).isEmpty();
    assertThat(tokens.verify(token + "AAAA", null)).isEmpty();
    assertThat(tokens.verify("x".repeat(100_000), null)).isEmpty();
    assertThat(tokens.verify("💥", null)).isEmpty();
  }

  @Test
  void aTargetIsSignedWithItsToken() {
    String token = message(tokens).tokenTo(2, "https://example.org/a?b=c");
    assertThat(tokens.verify(token, "https://example.org/a?b=c")).isPresent();
    assertThat(tokens.verify(token, "https://example.net/a?b=c")).isEmpty();
    assertThat(tokens.verify(token, null)).isEmpty();
    assertThat(tokens.verify(message(tokens).token(Kind.CLICK, 2), "https://example.org/"))
        .isEmpty();
  }

  @Test
  void anOlderKeyStillVerifiesAndAForeignOneNever() {
    String old = message(tokens).token(Kind.OPEN, 0);
    EngagementTokens rotated = new EngagementTokens(List.of(NEW, OLD));
    assertThat(rotated.verify(old, null)).isPresent();
    String fresh = message(rotated).token(Kind.OPEN, 0);
    assertThat(rotated.verify(fresh, null)).isPresent();
    assertThat(tokens.verify(fresh, null)).isEmpty();
    assertThat(new EngagementTokens(List.of(NEW)).verify(old, null)).isEmpty();
  }

  private static EngagementTokens.Message message(EngagementTokens tokens) {
    return tokens.message(BROADCAST, 42, Channel.EMAIL, "a", null, NOW, 345);
  }

  private static String text(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private static SecretKey key(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
