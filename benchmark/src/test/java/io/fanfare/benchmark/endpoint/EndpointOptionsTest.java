package io.fanfare.benchmark.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointOptionsTest {

  @Test
  void readsWhatIsGivenAndKnowsTheRest() {
    assertThat(parse("--endpoints")).isEqualTo(new EndpointOptions(2_000, 20, false));
    assertThat(parse("--json --seconds 5 --endpoints --rate 100"))
        .isEqualTo(new EndpointOptions(100, 5, true));
    assertThat(EndpointOptions.isMeantBy(new String[] {"--json"})).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--dkim", "--rate", "--rate 0", "--rate 50001", "--seconds 601", "--rate many"})
  void refusesWhatItCannotMeasure(String options) {
    assertThatThrownBy(() -> parse("--endpoints " + options))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static EndpointOptions parse(String options) {
    return EndpointOptions.parse(options.split(" "));
  }
}
