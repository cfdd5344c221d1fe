package io.fanfare.dispatch.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.channel.OutcomeTable;
import io.fanfare.dispatch.channel.SendOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TelegramOutcomeTableTest {

  static Stream<List<String>> documented() throws IOException {
    return OutcomeTable.rows("Telegram").stream();
  }

  @ParameterizedTest
  @MethodSource("documented")
  void readsAnswersAsDocumented(List<String> row) {
    SendOutcome outcome = refused(Integer.parseInt(row.get(0)), row.get(1), null);
    assertThat(OutcomeTable.named(outcome)).containsExactly(row.get(2), row.get(3));
  }

  @Test
  void waitsAsLongAsItIsTold() {
    assertThat(refused(429, "Too Many Requests: retry after 7", 7))
        .isInstanceOfSatisfying(
            SendOutcome.Deferred.class,
            deferred -> assertThat(deferred.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
  }

  private static SendOutcome refused(int code, String description, Integer retryAfter) {
    return TelegramAnswerPolicy.refused(new TelegramAnswer(code, code, description, retryAfter));
  }
}
