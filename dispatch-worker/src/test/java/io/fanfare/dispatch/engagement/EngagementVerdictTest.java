package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is taken for a machine's by what it says of itself and by when it comes. */
class EngagementVerdictTest {

  private static final Instant SENT = Instant.parse("2026-11-28T08:00:00Z");
  private static final String BROWSER =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  @ParameterizedTest
  @ValueSource(
      strings = {
        BROWSER,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        "Thunderbird/128.0"
      })
  void whoReadsWithAProgramOfPeopleIsHuman(String agent) {
    assertThat(verdict("GET", agent, null, 60)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Mozilla/5.0,                                       known_agent
          'Mozilla/5.0 (compatible; Barracuda Sentinel)',    known_agent
          TelegramBot (like TwitterBot),                     known_agent
          curl/8.5.0,                                        known_agent
          ' ',                                               no_agent
          """)
  void whoNamesItselfAMachineIsOne(String agent, String verdict) {
    assertThat(verdict("GET", agent, null, 60)).isEqualTo(verdict);
  }

  @Test
  void onlyMachinesAskForHeadsOrInAdvanceOrWithoutAnAgent() {
    assertThat(verdict("HEAD", BROWSER, null, 60)).isEqualTo(EngagementVerdict.HEAD_REQUEST);
    assertThat(verdict("GET", BROWSER, "prefetch;prerender", 60))
        .isEqualTo(EngagementVerdict.PREFETCH);
    assertThat(verdict("GET", null, null, 60)).isEqualTo(EngagementVerdict.NO_AGENT);
  }

  @Test
  void nobodyReadsAMessageBeforeItIsDelivered() {
    assertThat(verdict("GET", BROWSER, null, 0)).isEqualTo(EngagementVerdict.TOO_SOON);
    assertThat(verdict("GET", BROWSER, null, -5)).isEqualTo(EngagementVerdict.TOO_SOON);
    assertThat(verdict("GET", BROWSER, null, 2)).isNull();
  }

  private static @Nullable String verdict(
      String method, @Nullable String agent, @Nullable String purpose, int secondsLater) {
    return EngagementVerdict.of(
        method, agent, purpose, SENT, SENT.plusSeconds(secondsLater), Duration.ofSeconds(2));
  }
}
