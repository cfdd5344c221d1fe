package io.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DispatchSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "window, 999, 'window must be'", // one read would never fit in
    "window, 100001, 'window must be'",
    "max-in-flight, 0, 'max-in-flight'",
    "fence, 6s, 'fence'"
  })
  void refusesBoundsThatCannotWork(String name, String value, String why) {
    var source = new MapConfigurationPropertySource(Map.of("fanfare.dispatch." + name, value));
    assertThatThrownBy(
            () -> new Binder(source).bindOrCreate("fanfare.dispatch", DispatchSettings.class))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageContaining(why);
  }
}
