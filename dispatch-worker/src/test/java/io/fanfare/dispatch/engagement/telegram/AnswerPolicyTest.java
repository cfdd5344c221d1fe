package io.fanfare.dispatch.engagement.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.dispatch.engagement.telegram.AnswerPolicy.About;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Button;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Membership;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerPolicyTest {

  private static final Instant AT = Instant.parse("2026-11-28T10:00:00Z");

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /start AbC,       linked,          LINKED
          /start,           started,         STARTED
          /start forged,    started,         STARTED
          /stop,            stopped,         STOPPED
          /Settings@a_bot,  command,         SETTINGS
          /help me,         command,         HELP
          /weather,         command,         UNKNOWN
          Hello?,           unknown_message, UNKNOWN
          Thanks!,          replied,
          """)
  void aPersonIsAnsweredUnlessItIsAnAnswerItself(String text, String became, About about) {
    assertThat(AnswerPolicy.answer(text(text, true), became, AT, AT)).isEqualTo(about);
    assertThat(AnswerPolicy.answer(text(text, false), became, AT, AT)).as("in a group").isNull();
  }

  @Test
  void nobodyIsAnsweredLateOrWithoutHavingWritten() {
    Instant late = AT.plus(AnswerPolicy.LATEST);
    assertThat(AnswerPolicy.answer(text("/help", true), "command", AT, late)).isEqualTo(About.HELP);
    assertThat(AnswerPolicy.answer(text("/help", true), "command", AT, late.plusMillis(1)))
        .isNull();
    assertThat(AnswerPolicy.answer(new Button(1, "q", 7, 9, "/help"), "button", AT, AT)).isNull();
    assertThat(AnswerPolicy.answer(new Membership(1, 7, true, true, AT), "blocked", AT, AT))
        .isNull();
  }

  @Test
  void aChatIsAnsweredOnceInFiveSeconds() {
    var chats = new AnsweredChats(2);
    long second = TimeUnit.SECONDS.toNanos(1);
    assertThat(chats.take("bot", 7, 0)).isTrue();
    assertThat(chats.take("bot", 7, 5 * second - 1)).isFalse();
    assertThat(chats.take("other", 7, second)).isTrue();
    assertThat(chats.take("bot", 7, 5 * second)).isTrue();
    // The one answered longest ago is forgotten for a third.
    assertThat(chats.take("bot", 8, 5 * second)).isTrue();
    assertThat(chats.take("bot", 7, 6 * second)).isFalse();
    assertThat(chats.take("other", 7, 5 * second)).isTrue();
  }

  @Test
  void aTextIsNoLongerThanTelegramTakes() {
    assertThatThrownBy(() -> new AnswerTexts("", "", "", "", "", "", "x".repeat(4_097)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Text text(String text, boolean privateChat) {
    return new Text(1, 77, privateChat, text, null, AT);
  }
}
