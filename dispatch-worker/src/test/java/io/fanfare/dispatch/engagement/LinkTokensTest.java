package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Links of messages say what we signed, and nothing else passes for one. */
class LinkTokensTest {

  private static final byte[] NEW_KEY =
      "a new key of thirty-two bytes...".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OLD_KEY =
      "an old key of thirty-two bytes..".getBytes(StandardCharsets.US_ASCII);

  private final LinkTokens tokens = new LinkTokens(List.of(NEW_KEY, OLD_KEY));
  private final Random random = new Random(7);

  @Test
  void sayWhatWasSigned() {
    for (int i = 0; i < 1_000; i++) {
      LinkToken token = any();
      String text = tokens.sign(token);
      assertThat(tokens.verify(text)).contains(token);
      assertThat(text).matches("[A-Za-z0-9_-]+").hasSizeLessThan(100);
    }
  }

  @Test
  void everyOtherTextIsRefused() {
    for (int i = 0; i < 200; i++) {
      byte[] good = Base64.getUrlDecoder().decode(tokens.sign(any()));
      byte[] flipped = good.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(tokens.verify(text(flipped))).isEmpty();
      assertThat(tokens.verify(text(Arrays.copyOf(good, random.nextInt(good.length))))).isEmpty();
      assertThat(tokens.verify(text(Arrays.copyOf(good, good.length + 1)))).isEmpty();
      byte[] made = new byte[random.nextInt(80)];
      random.nextBytes(made);
      assertThat(tokens.verify(text(made))).isEmpty();
    }
    assertThat(tokens.verify("")).isEmpty();
    assertThat(tokens.verify("../../etc")).isEmpty();
    assertThat(tokens.verify("A".repeat(100_000))).isEmpty();
  }

  /** Base64 has several texts for some bytes; only the one we write is a token. */
  @Test
  void oneTokenHasOneText() {
    String good = tokens.sign(any());
    assertThat(tokens.verify(good + "=")).isEmpty();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (char last : alphabet.toCharArray()) {
      String other = good.substring(0, good.length() - 1) + last;
      assertThat(tokens.verify(other).isPresent()).isEqualTo(other.equals(good));
    }
  }

  @Test
  void anOlderKeyOfTheListStillVerifiesAndAnUnlistedOneDoesNot() {
    LinkToken token = any();
    String old = new LinkTokens(List.of(OLD_KEY)).sign(token);
    assertThat(tokens.verify(old)).contains(token);
    assertThat(new LinkTokens(List.of(NEW_KEY)).verify(old)).isEmpty();
  }

  private LinkToken any() {
    return new LinkToken(
        LinkToken.Use.values()[random.nextInt(LinkToken.Use.values().length)],
        UUID.randomUUID(),
        random.nextLong(1, Long.MAX_VALUE),
        random.nextBoolean() ? Channel.EMAIL : Channel.TELEGRAM,
        random.nextBoolean() ? "a" : "winner",
        random.nextInt(201),
        Instant.ofEpochSecond(random.nextLong(1_700_000_000, 4_000_000_000L)),
        random.nextInt(4) == 0 ? null : random.nextInt(-48, 57) * 15);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
