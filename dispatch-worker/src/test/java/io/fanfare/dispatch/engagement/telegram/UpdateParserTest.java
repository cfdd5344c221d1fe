package io.fanfare.dispatch.engagement.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Button;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Ignored;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Membership;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Why;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UpdateParserTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final String CHAT = "\"chat\":{\"id\":77,\"type\":\"private\"}";
  private static final String FROM = "\"from\":{\"id\":77,\"is_bot\":false}";

  @Test
  void readsMessagesPressesAndBlocks() throws Exception {
    var page =
        page(
            update(5, "message", message("\"text\":\"Thanks\",\"date\":1799999999")),
            update(
                6,
                "message",
                message("\"caption\":\"c\",\"photo\":[],\"reply_to_message\":{\"message_id\":9}")),
            update(
                7,
                "callback_query",
                "{\"id\":\"q\",\"data\":\"yes\",\"message\":{\"message_id\":9," + CHAT + "}}"),
            update(
                8,
                "my_chat_member",
                "{" + CHAT + ",\"date\":1800000000,\"new_chat_member\":{\"status\":\"kicked\"}}"));
    assertThat(page.updates())
        .containsExactly(
            new Text(5, 77, true, "Thanks", null, Instant.ofEpochSecond(1_799_999_999L)),
            new Text(6, 77, true, "c", 9L, null),
            new Button(7, "q", 77, 9, "yes"),
            new Membership(8, 77, true, true, NOW));
    assertThat(page.next()).isEqualTo(9);
    assertThat(page.numberless()).isZero();
  }

  @Test
  void aPressOfAButtonThatTheMessageDoesNotHaveIsNone() throws Exception {
    String press =
        "{\"id\":\"q\",\"data\":\"%s\",\"message\":{\"message_id\":9,"
            + CHAT
            + ",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"Go\",\"url\":\"https://x.org\"}],"
            + "[{\"text\":\"Yes\",\"callback_data\":\"yes\"}]]}}}";
    var page =
        page(
            update(7, "callback_query", press.formatted("yes")),
            update(8, "callback_query", press.formatted("no")),
            update(9, "callback_query", press.formatted("")));
    assertThat(page.updates())
        .containsExactly(
            new Button(7, "q", 77, 9, "yes"),
            new Ignored(8, Why.NOT_OFFERED),
            new Ignored(9, Why.NOT_OFFERED));
  }

  @Test
  void whatMakesNoSenseIsIgnoredAndGoneOnFrom() throws Exception {
    var page =
        page(
            "{}",
            "null",
            "[]",
            "\"update\"",
            "{\"update_id\":\"5\",\"message\":{}}",
            "{\"update_id\":-1}",
            "{\"update_id\":1.5}",
            "{\"update_id\":99999999999999999999}",
            "{\"update_id\":9223372036854775807}",
            "{\"update_id\":10}",
            update(11, "message", "7"),
            update(12, "message", "{}"),
            update(13, "message", "{\"chat\":{\"id\":\"77\"},\"message_id\":1}"),
            update(14, "message", "{" + CHAT + ",\"message_id\":1,\"text\":\"by a channel\"}"),
            update(
                15,
                "message",
                "{" + CHAT + ",\"message_id\":1,\"from\":{\"is_bot\":true},\"text\":\"x\"}"),
            update(16, "message", message("\"pinned_message\":{}")),
            update(17, "callback_query", "{\"id\":\"q\",\"data\":\"d\",\"message\":[]}"),
            update(18, "callback_query", "{\"id\":\"q\",\"inline_message_id\":\"x\"}"),
            update(19, "my_chat_member", "{" + CHAT + "}"),
            update(20, "message", message("\"text\":{\"deep\":[]},\"date\":\"yesterday\"")),
            update(21, "message", message("\"text\":\"old\",\"date\":1")),
            update(22, "poll_answer", "{}"));
    assertThat(page.numberless()).isEqualTo(9);
    assertThat(page.next()).isEqualTo(23);
    assertThat(page.updates())
        .containsExactly(
            new Ignored(10, Why.OTHER),
            new Ignored(11, Why.MALFORMED),
            new Ignored(12, Why.MALFORMED),
            new Ignored(13, Why.MALFORMED),
            new Ignored(14, Why.NOT_A_PERSON),
            new Ignored(15, Why.NOT_A_PERSON),
            new Ignored(16, Why.OTHER),
            new Ignored(17, Why.MALFORMED),
            new Ignored(18, Why.OTHER),
            new Ignored(19, Why.MALFORMED),
            new Text(20, 77, true, "", null, null),
            new Text(21, 77, true, "old", null, null),
            new Ignored(22, Why.OTHER));
  }

  @Test
  void longTextIsCutAtACharacterAndHoldsNothingADatabaseRefuses() throws Exception {
    var long_ = "😀".repeat(UpdateParser.MOST_TEXT + 50);
    var page = page(update(1, "message", message("\"text\":\"a\\u0000b" + long_ + "\"")));
    String text = ((Text) page.updates().getFirst()).text();
    assertThat(text).startsWith("a b").endsWith("😀");
    assertThat(text.codePointCount(0, text.length())).isEqualTo(UpdateParser.MOST_TEXT);
  }

  @Test
  void tooDeepOrNoJsonIsUnreadableYetItsNumberIsFound() {
    String deep = "{\"update_id\": 41,\"message\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    byte[] body = ("{\"ok\":true,\"result\":[" + deep + "]}").getBytes(UTF_8);
    assertThatThrownBy(() -> UpdateParser.page(body, NOW))
        .isInstanceOf(UpdateParser.Unreadable.class);
    assertThat(UpdateParser.firstNumber(body)).hasValue(41);
    assertThat(UpdateParser.single(deep.getBytes(UTF_8), NOW))
        .isEqualTo(new Ignored(41, Why.MALFORMED));
    for (String nonsense :
        new String[] {
          "",
          "null",
          "[]",
          "{\"ok\":true}",
          "{\"ok\":\"true\",\"result\":[]}",
          "{\"ok\":true,\"result\":{}}",
          "<html>"
        }) {
      assertThatThrownBy(() -> UpdateParser.page(nonsense.getBytes(UTF_8), NOW))
          .as(nonsense)
          .isInstanceOf(UpdateParser.Unreadable.class);
      assertThat(UpdateParser.single(nonsense.getBytes(UTF_8), NOW)).as(nonsense).isNull();
    }
  }

  /** A number that only stands in a text somebody wrote is none. */
  @Test
  void aQuotedNumberIsNotTaken() {
    String body = "{\"text\":\"\\\"update_id\\\": 7\", \"update_id\": 8, [";
    assertThat(UpdateParser.firstNumber(body.getBytes(UTF_8))).hasValue(8);
  }

  @Test
  void bytesChangedAtRandomNeverBreakIt() throws Exception {
    byte[] whole =
        ("{\"ok\":true,\"result\":["
                + update(5, "message", message("\"text\":\"x\",\"reply_to_message\":{}"))
                + ","
                + update(6, "callback_query", "{\"id\":\"q\",\"data\":\"d\",\"message\":{}}")
                + "]}")
            .getBytes(UTF_8);
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = whole.clone();
      for (int k = 0; k <= random.nextInt(4); k++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(UpdateParser.page(changed, NOW).next()).isNotNegative();
      } catch (UpdateParser.Unreadable expected) {
        UpdateParser.firstNumber(changed);
      }
    }
  }

  private static UpdateParser.Page page(String... updates) throws Exception {
    return UpdateParser.page(
        ("{\"ok\":true,\"result\":[" + String.join(",", updates) + "]}").getBytes(UTF_8), NOW);
  }

  private static String update(long id, String kind, String content) {
    return "{\"update_id\":" + id + ",\"" + kind + "\":" + content + "}";
  }

  private static String message(String more) {
    return "{\"message_id\":30," + CHAT + "," + FROM + "," + more + "}";
  }
}
