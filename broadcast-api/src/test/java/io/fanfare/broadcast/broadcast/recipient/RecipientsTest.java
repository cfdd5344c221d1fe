package io.fanfare.broadcast.broadcast.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.broadcast.Fixture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Recipients as the front door puts them together; one stub plays all owners but retry-service. */
@ExtendWith(ApiExtension.class)
class RecipientsTest {

  private static final String AT = "2026-05-01T09:00:00Z";

  private final ApiUnderTest api;
  private Fixture fixture;
  private String broadcast;
  private String owned;

  RecipientsTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeBroadcast() {
    fixture = new Fixture(api);
    broadcast = fixture.running("News");
    owned = "/internal/v1/broadcasts/" + Fixture.idOf(broadcast) + "/recipients";
    for (String state : List.of("pending", "in_flight", "skipped", "cancelled")) {
      api.backend().answer(owned + "?state=" + state, 200, "{\"items\": []}");
    }
    api.backend().answer(owned + "?day=", 200, "{\"items\": [], \"expired\": false}");
    api.backend()
        .answer(
            "/internal/v1/contacts/addresses",
            200,
            """
            [{"id": 1, "external_id": "=cmd()", "email": "one@example.org", "telegram_chat_id": -77},
             {"id": 2, "email": "two@example.org"}, {"id": 3, "email": "three@example.org"}]\
            """);
  }

  private void skippedByBoth() {
    api.backend()
        .answer(
            owned + "?state=skipped",
            200,
            """
            {"items": [{"contact_id": 1, "channel": "telegram", "reason": "over_cap", "at": "%s"},
             {"contact_id": 3, "channel": "email", "reason": "opted_out"}]}\
            """
                .formatted(AT));
    api.backend()
        .answer(
            owned + "?day=",
            200,
            """
            {"items": [{"contact_id": 2, "channel": "email", "variant": "b", "bucket": "skipped",
             "attempt": 2, "at": "%s", "cause": {"code": "opted_out", "detail": "-late, \\"he\\" said"}}],
             "expired": false}\
            """
                .formatted(AT));
  }

  @Test
  void mergesWhatItsOwnersSayInOneOrderWithWhoTheyAre() {
    skippedByBoth();

    Reply reply = fixture.tenant.get(broadcast + "/recipients?state=skipped");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode items = reply.json().get("items");
    assertThat(items)
        .extracting(item -> item.get("contact_id").asLong())
        .containsExactly(1L, 2L, 3L);
    assertThat(items.get(0).get("address").asString()).isEqualTo("-77");
    assertThat(items.get(0).get("external_id").asString()).isEqualTo("=cmd()");
    assertThat(items.get(0).at("/reason/code").asString()).isEqualTo("over_cap");
    assertThat(items.get(0).at("/reason/detail").asString()).contains("frequency cap");
    assertThat(items.get(0).has("variant")).isFalse();
    assertThat(items.get(1).get("variant").asString()).isEqualTo("b");
    assertThat(items.get(1).get("attempts").asInt()).isEqualTo(2);
    assertThat(items.get(1).get("at").asString()).isEqualTo(AT);
    assertThat(reply.json().has("next")).isFalse();
    assertThat(reply.json().has("ledger_expired")).isFalse();
    assertThat(api.backend().received(owned + "?day=").getLast().pathAndQuery())
        .contains("state=skipped", "limit=50");
    assertThat(api.backend().received(owned).getLast().header("Authorization"))
        .startsWith("Fanfare-Identity ");
  }

  @Test
  void aPageEndsAtItsLimitAndTheCursorGoesToEveryOwner() {
    skippedByBoth();

    JsonNode first = fixture.tenant.get(broadcast + "/recipients?state=skipped&limit=1").json();
    fixture.tenant.get(
        broadcast + "/recipients?state=skipped&after=" + first.get("next").asString());

    assertThat(first.get("items")).hasSize(1);
    assertThat(api.backend().received(owned + "?state=skipped").getLast().pathAndQuery())
        .contains("after_contact=1", "after_channel=telegram");
    assertThat(api.backend().received(owned + "?day=").getLast().pathAndQuery())
        .contains("after_contact=1", "after_channel=telegram");
  }

  @Test
  void inFlightAreThoseHandedOverThatTheLedgerHasNoEndOf() {
    api.backend()
        .answer(
            owned + "?state=in_flight",
            200,
            """
            {"items": [{"contact_id": 1, "channel": "email", "variant": "a", "attempts": 1},
             {"contact_id": 2, "channel": "email", "variant": "a", "attempts": 1},
             {"contact_id": 2, "channel": "telegram", "variant": "a", "attempts": 1}]}\
            """);
    api.backend()
        .answer(
            owned + "/unended",
            exchange ->
                StubBackend.reply(
                    exchange,
                    200,
                    exchange.getRequestURI().toString().contains("telegram") ? "[2]" : "[1]"));

    JsonNode items =
        fixture.tenant.get(broadcast + "/recipients?state=in_flight").json().get("items");

    assertThat(items)
        .extracting(item -> item.get("contact_id") + " " + item.get("channel").asString())
        .containsExactly("1 email", "2 telegram");
    assertThat(items.get(0).get("state").asString()).isEqualTo("in_flight");
  }

  @Test
  void isAFileWithoutFormulas() {
    skippedByBoth();

    Reply byFormat = fixture.tenant.get(broadcast + "/recipients?state=skipped&format=csv");
    Reply byAccept =
        api.call(
            fixture.tenant.adminKey(),
            "GET",
            broadcast + "/recipients?state=skipped",
            "",
            "Accept",
            "text/csv");

    assertThat(byFormat.header("Content-Type")).startsWith("text/csv");
    assertThat(byFormat.header("Content-Disposition")).contains("recipients.csv");
    assertThat(byFormat.body().split("\r\n"))
        .containsExactly(
            "contact_id,external_id,channel,address,variant,state,reason,detail,attempts,at,until",
            "1,'=cmd(),telegram,-77,,skipped,over_cap,"
                + "the contact has had as many messages as its frequency cap allows,0,"
                + AT
                + ",",
            "2,,email,two@example.org,b,skipped,opted_out,\"'-late, \"\"he\"\" said\",2,"
                + AT
                + ",",
            "3,,email,three@example.org,,skipped,opted_out,"
                + "the contact wants no messages on the channel,0,,");
    assertThat(byAccept.body()).isEqualTo(byFormat.body());
  }

  @Test
  void aFileWhoseOwnerFailsInTheMiddleIsNotTakenForTheWhole() {
    api.backend()
        .answer(
            owned + "?state=pending",
            exchange -> {
              boolean first = exchange.getRequestURI().toString().contains("-9223372036854775808");
              StringBuilder many = new StringBuilder();
              for (int i = 1; i <= 1_000; i++) {
                many.append(i == 1 ? "" : ",")
                    .append("{\"contact_id\": " + i + ", \"channel\": \"email\"}");
              }
              StubBackend.reply(
                  exchange,
                  first ? 200 : 500,
                  "{\"items\": ["
                      + many
                      + "], \"next\": {\"contact_id\": 1000, \"channel\": \"email\"}}");
            });

    boolean broke;
    try {
      broke =
          fixture.tenant.get(broadcast + "/recipients?state=pending&format=csv").status() != 200;
    } catch (java.io.UncheckedIOException cut) {
      broke = true;
    }

    assertThat(broke).isTrue();
  }

  @Test
  void saysThatTheLedgerForgotInsteadOfNobody() {
    api.backend().answer(owned + "?day=", 200, "{\"items\": [], \"expired\": true}");
    api.backend()
        .answer(
            owned + "?state=skipped",
            200,
            "{\"items\": [{\"contact_id\": 1, \"channel\": \"email\", \"reason\": \"over_cap\"}]}");

    Reply sent = fixture.tenant.get(broadcast + "/recipients?state=sent");
    Reply skipped = fixture.tenant.get(broadcast + "/recipients?state=skipped");
    Reply file = fixture.tenant.get(broadcast + "/recipients?format=csv");

    assertThat(sent.status()).isEqualTo(410);
    assertThat(sent.code()).isEqualTo("ledger_expired");
    assertThat(skipped.json().get("items")).hasSize(1);
    assertThat(skipped.json().get("ledger_expired").asBoolean()).isTrue();
    assertThat(file.status()).isEqualTo(410);
  }

  @Test
  void aDraftHasNobodyAStrangerNothingAndAMissingOwnerIsSaid() {
    String draft = fixture.draft("Later");
    assertThat(fixture.tenant.get(draft + "/recipients").json().get("items")).isEmpty();
    assertThat(
            fixture
                .tenant
                .get(draft + "/recipients?format=csv")
                .body()
                .getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(100);
    assertThat(api.newTenant().get(broadcast + "/recipients?state=nonsense").status())
        .isEqualTo(404);
    Reply timeline = fixture.tenant.get(draft + "/recipients/1");
    assertThat(timeline.status()).isEqualTo(404);
    assertThat(timeline.code()).isEqualTo("recipient_not_found");
    assertThat(api.newTenant().get(broadcast + "/recipients/1").code())
        .isEqualTo("broadcast_not_found");
    assertThat(fixture.tenant.get(broadcast + "/recipients/x").status()).isIn(400, 404, 422);
    Reply wrong = fixture.tenant.get(broadcast + "/recipients?state=nonsense");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.pointers()).containsExactly("state");
    assertThat(fixture.tenant.get(broadcast + "/recipients?after=x").status()).isEqualTo(422);
    assertThat(fixture.tenant.get(broadcast + "/recipients?channel=A%26b").status()).isEqualTo(422);
    assertThat(fixture.tenant.get(broadcast + "/recipients?format=pdf").status()).isEqualTo(422);
    assertThat(fixture.tenant.get(broadcast + "/recipients?state=retrying").code())
        .isEqualTo("backend_unavailable");
  }
}
