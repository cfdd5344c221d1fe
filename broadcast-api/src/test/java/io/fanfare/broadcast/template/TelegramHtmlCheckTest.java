package io.fanfare.broadcast.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelegramHtmlCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<b>bold</b> <a href=\"https://x\">link</a> | ''",
        "{% if 1 < 2 %}<i>x</i>{% endif %} {{ '<p>' }} | ''",
        "<p>x</p> | 0 Telegram does not know the tag <p>; 4 Telegram does not know the tag <p>",
        "1 < 2 | 2 a < that begins no tag must be written as &lt;",
        "<b>x | 4 <b> is never closed",
        "<b><i>x</b></i> | 7 </b> closes no tag; 15 <b> is never closed",
        "x</code> | 1 </code> closes no tag"
      })
  void findsWhatTelegramWouldRefuse(String text, String doubts) {
    String found =
        String.join(
            "; ",
            TelegramHtmlCheck.check(text).stream()
                .map(doubt -> doubt.offset() + " " + doubt.message())
                .toList());
    assertThat(found).isEqualTo(doubts);
  }
}
