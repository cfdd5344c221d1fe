package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EngagementVerdictTest {

  private static final Instant SENT = Instant.parse("2026-03-04T05:06:07Z");
  private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";

  @Test
  void aBrowserIsAHuman() {
    assertThat(verdict(Kind.CLICKED, false, BROWSER, 60)).isNull();
    assertThat(verdict(Kind.OPENED, false, BROWSER, 0)).isNull();
  }

  @Test
  void anImageProxyThatLoadsOnSightIsAHuman() {
    String proxy = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) (via ggpht.com GoogleImageProxy)";
    assertThat(verdict(Kind.OPENED, false, proxy, 60)).isNull();
  }

  @Test
  void machinesHaveTheirReason() {
    assertThat(verdict(Kind.CLICKED, true, BROWSER, 60)).isEqualTo("head_request");
    assertThat(verdict(Kind.OPENED, false, "Mozilla/5.0", 60)).isEqualTo("privacy_proxy");
    assertThat(verdict(Kind.CLICKED, false, "Barracuda Sentinel (EE)", 60))
        .isEqualTo("scanner_agent");
    assertThat(verdict(Kind.CLICKED, false, null, 60)).isEqualTo("scanner_agent");
    assertThat(verdict(Kind.CLICKED, false, BROWSER, 1)).isEqualTo("before_delivery");
  }

  private static String verdict(Kind kind, boolean head, String agent, int secondsAfter) {
    return EngagementVerdict.of(
        kind, head, agent, SENT, SENT.plusSeconds(secondsAfter), Duration.ofSeconds(2));
  }
}
