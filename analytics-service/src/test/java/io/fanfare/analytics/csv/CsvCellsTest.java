package io.fanfare.analytics.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellsTest {

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1+cmd|' /C calc'!A0", "@sum(a1)", "\t=1", "\r=1"})
  void textDoesNotBecomeAFormula(String text) {
    assertThat(CsvCells.text(text)).isEqualTo("'" + text);
  }

  @Test
  void numbersAndOtherTextsStayAsTheyAre() {
    assertThat(CsvCells.text(-5L)).isEqualTo("-5");
    assertThat(CsvCells.text(new BigDecimal("-1E+3"))).isEqualTo("-1000");
    assertThat(CsvCells.text("https://example.org/?a=1")).isEqualTo("https://example.org/?a=1");
    assertThat(CsvCells.text("")).isEmpty();
    assertThat(CsvCells.text(null)).isEmpty();
  }
}
