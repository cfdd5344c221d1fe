package io.fanfare.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.benchmark.asking.AskingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {

  @Test
  void readsWhatIsGivenAndKnowsTheRest() {
    assertThat(parse("")).isEqualTo(new BenchOptions("email", 100_000, false, false, false));
    assertThat(parse("--json --channel telegram --recipients 500"))
        .isEqualTo(new BenchOptions("telegram", 500, true, false, false));
    assertThat(parse("--sender-only --dkim"))
        .isEqualTo(new BenchOptions("email", 300_000, false, true, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fast",
        "--dkim",
        "--sender-only --channel telegram",
        "--channel",
        "--channel pigeon",
        "--recipients 0",
        "--recipients many",
        "--recipients 5000001"
      })
  void refusesWhatItCannotMeasure(String options) {
    assertThatThrownBy(() -> parse(options)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksAboutAMillionRecipientsIfNothingElseIsSaid() {
    assertThat(AskingOptions.isMeant(new String[] {"--sender-only"})).isFalse();
    assertThat(AskingOptions.parse(new String[] {"--asking"}))
        .isEqualTo(new AskingOptions(1_000_000, 2_000_000, false));
    assertThat(AskingOptions.parse("--asking --json --recipients 5000 --events 9000".split(" ")))
        .isEqualTo(new AskingOptions(5_000, 9_000, true));
    assertThatThrownBy(() -> AskingOptions.parse(new String[] {"--asking", "--events", "1"}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BenchOptions parse(String options) {
    return BenchOptions.parse(options.isEmpty() ? new String[0] : options.split(" "));
  }
}
