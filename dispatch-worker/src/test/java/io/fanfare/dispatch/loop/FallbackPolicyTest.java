package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FallbackPolicyTest {

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "DEAD", "SKIPPED"})
  void whatWasNotDeliveredFallsBackWhereAChannelIsLeft(Outcome end) {
    assertThat(FallbackPolicy.end(command(true), end)).isEqualTo(Outcome.FELL_BACK);
    assertThat(FallbackPolicy.end(command(null), end)).isEqualTo(end);
  }

  @ParameterizedTest
  @EnumSource(names = {"SENT", "RETRYING", "RATE_LIMITED", "IN_DOUBT", "RETURNED", "CANCELLED"})
  void noOtherEndFallsBackADoubtLeastOfAll(Outcome end) {
    assertThat(FallbackPolicy.end(command(true), end)).isEqualTo(end);
  }

  private static SendMessage command(Boolean fallback) {
    UUID id = new UUID(1, 1);
    return new SendMessage(
        id,
        id,
        1,
        Channel.TELEGRAM,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        LocalDate.EPOCH,
        new Lane(id, 0),
        "a",
        1,
        "42",
        Instant.EPOCH,
        Map.of(),
        null,
        fallback);
  }
}
