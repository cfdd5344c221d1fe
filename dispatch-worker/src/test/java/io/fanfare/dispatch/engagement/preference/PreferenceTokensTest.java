package io.fanfare.dispatch.engagement.preference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Confirmation;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Contact;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Expired;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Good;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PreferenceTokensTest {

  private static final UUID TENANT = UUID.randomUUID();
  private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private final PreferenceTokens tokens = new PreferenceTokens(List.of(key(1)));

  @Test
  void saysWhoUntilItsTimeIsOver() {
    String token = tokens.make(TENANT, 42, LATER);
    assertThat(token).hasSize(56).matches("[\\w-]+");
    assertThat(tokens.verify(token, NOW)).isEqualTo(new Good<>(new Contact(TENANT, 42)));
    assertThat(tokens.verify(token, LATER)).isEqualTo(new Expired<>());
  }

  @Test
  void isGoodAsLongAsItsKeyIsListed() {
    String token = tokens.make(TENANT, 42, LATER);
    var turned = new PreferenceTokens(List.of(key(2), key(1)));
    assertThat(turned.verify(token, NOW)).isInstanceOf(Good.class);
    assertThat(new PreferenceTokens(List.of(key(2))).verify(token, NOW)).isEqualTo(new Unknown<>());
  }

  @Test
  void isNothingWhenAnyCharacterIsAnother() {
    String token = tokens.make(TENANT, 42, LATER);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(tokens.verify(forged, NOW)).as(forged).isEqualTo(new Unknown<>());
    }
    for (String text : List.of("", "x", token + "A", token.substring(1), "!".repeat(56))) {
      assertThat(tokens.verify(text, NOW)).as(text).isEqualTo(new Unknown<>());
    }
  }

  @Test
  void oneKindIsNotTakenForTheOther() {
    UUID list = UUID.randomUUID();
    String confirmation = tokens.makeConfirmation(TENANT, 42, list, LATER);
    assertThat(tokens.verifyConfirmation(confirmation, NOW))
        .isEqualTo(new Good<>(new Confirmation(TENANT, 42, list)));
    assertThat(tokens.verifyConfirmation(confirmation, LATER)).isEqualTo(new Expired<>());
    assertThat(tokens.verify(confirmation, NOW)).isEqualTo(new Unknown<>());
    String preferences = tokens.make(TENANT, 42, LATER);
    assertThat(tokens.verifyConfirmation(preferences, NOW)).isEqualTo(new Unknown<>());
  }

  @Test
  void linksAreMadeWhereRecipientsReachTheService() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    assertThat(new SignedPreferenceLinks("", tokens, clock).of(TENANT, 42)).isEmpty();
    var links = new SignedPreferenceLinks("https://news.example.org/", tokens, clock);
    String link = links.of(TENANT, 42).orElseThrow().toString();
    assertThat(link).startsWith("https://news.example.org/t/p/");
    String token = link.substring(link.lastIndexOf('/') + 1);
    assertThat(tokens.verify(token, NOW.plus(SignedPreferenceLinks.ON_REQUEST).minusSeconds(1)))
        .isEqualTo(new Good<>(new Contact(TENANT, 42)));
    assertThat(tokens.verify(token, NOW.plus(SignedPreferenceLinks.ON_REQUEST)))
        .isEqualTo(new Expired<>());
  }

  private static SecretKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
