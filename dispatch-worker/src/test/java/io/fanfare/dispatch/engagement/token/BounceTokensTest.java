package io.fanfare.dispatch.engagement.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.dispatch.engagement.token.BounceTokens.Said;
import io.fanfare.support.secret.SecretBox;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BounceTokensTest {

  private static final String OLD = "old:" + Base64.getEncoder().encodeToString(new byte[32]);
  private static final String NEW =
      "new:" + Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
  private static final UUID BROADCAST = UUID.fromString("0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d");

  private final BounceTokens tokens = tokens(OLD);

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 4_711, 2_000_000, 1L << 35, (1L << 42) - 1})
  void tellsWhoseTheMessageIsWithinTheLengthOfALocalPart(long contact) {
    String token = token(tokens, contact, "Ada@Example.org");
    assertThat(token)
        .hasSizeBetween(BounceTokens.LEAST_CHARACTERS, BounceTokens.MOST_CHARACTERS)
        .matches("[a-z2-7]+");
    assertThat(tokens.verify(token))
        .contains(new Said(BROADCAST, contact, AddressCheck.of("ada@example.org")));
    // A mail server may write local parts in capitals.
    assertThat(tokens.verify(token.toUpperCase(Locale.ROOT))).isEqualTo(tokens.verify(token));
  }

  @Test
  void contactsBeyondItHaveNone() {
    for (long contact : new long[] {1L << 42, Long.MAX_VALUE, -1}) {
      StringBuilder sender = new StringBuilder("bounces+");
      assertThat(tokens.of(BROADCAST).append(contact, "a@b.c", sender)).isFalse();
      assertThat(sender).hasToString("bounces+");
    }
  }

  @Test
  void nothingElseIsAToken() {
    String token = token(tokens, 4_711, "ada@example.org");
    String alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    IntStream.range(0, token.length())
        .forEach(i ->
            alphabet
                .chars()
                .filter(c -> c != token.charAt(i))
                .forEach(c -> {
                  String forged = token.substring(0, i) + (char) c + token.substring(i + 1);
                  assertThat(tokens.verify(forged)).as(forged).isEmpty();
                }));
    for (String forged :
        List.of("", "a", "a".repeat(50), "0".repeat(52), "ä".repeat(52), "a".repeat(100_000))) {
      assertThat(tokens.verify(forged)).isEmpty();
    }
    assertThat(tokens.verify(token + "a")).isEmpty();
    assertThat(tokens.verify(token.substring(1))).isEmpty();
    assertThat(tokens(NEW).verify(token)).isEmpty();
  }

  @Test
  void oldKeysVerifyAndTheFirstOneSigns() {
    String token = token(tokens, 4_711, "ada@example.org");
    BounceTokens both = tokens(NEW + "," + OLD);
    assertThat(both.verify(token)).isPresent();
    String fresh = token(both, 4_711, "ada@example.org");
    assertThat(both.verify(fresh)).isPresent();
    assertThat(tokens.verify(fresh)).isEmpty();
  }

  private static String token(BounceTokens tokens, long contact, String address) {
    StringBuilder token = new StringBuilder();
    assertThat(tokens.of(BROADCAST).append(contact, address, token)).isTrue();
    return token.toString();
  }

  private static BounceTokens tokens(String keys) {
    return new BounceTokens(new SecretBox(keys).derive(BounceTokens.KEY_LABEL));
  }
}
