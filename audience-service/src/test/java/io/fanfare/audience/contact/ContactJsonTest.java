package io.fanfare.audience.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ContactJsonTest {

  /** What a segment's range relies on to tell its end from the next larger number. */
  @ParameterizedTest
  @ValueSource(
      strings = {"4.9e-324", "1.2345678901234567e-308", "1e-400", "0.12345678901234567890"})
  void keepsNoMoreDecimalsThanADoubleHas(String number) {
    var fields = ContactJson.object(JsonMapper.shared().readTree("{\"n\": " + number + "}"));
    String written = JsonMapper.shared().readTree(ContactJson.write(fields)).get("n").toString();
    assertThat(new BigDecimal(written).scale()).isLessThanOrEqualTo(340);
  }
}
