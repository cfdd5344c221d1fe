package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the front door makes of a dry run; a stub decides in place of audience-service. */
@ExtendWith(ApiExtension.class)
class DryRunTest {

  private static final String DECIDED =
      """
      {"contacts": 100, "messages": 90, "skipped": {"no_address": 10}, "put_off": 0,
       "channels": {"email": {"reachable": 90, "skipped": {"no_address": 10}, "put_off": 0,
         "rate_per_second": 10.0, "ahead": 0, "estimated_seconds": 9},
        "telegram": {"reachable": 0, "skipped": {}, "put_off": 0, "ahead": 0}},
       "variants": {"a": {"email": 45}, "b": {"email": 45}},
       "missing_variables": {"contact.name": 4}, "estimated_seconds": 9, "bounded_by": "email"}\
      """;

  private final ApiUnderTest api;
  private Fixture fixture;

  DryRunTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void decide() {
    fixture = new Fixture(api);
    api.backend().answer("/internal/v1/dry-runs", 200, DECIDED);
    api.backend()
        .answer(
            "/internal/v1/ab-tests/power",
            200,
            """
            {"power": {"recipients": 45, "power": 0.05},
             "warnings": [{"code": "ab_test_underpowered", "detail": "too few"}]}\
            """);
  }

  @Test
  void answersWithItsEndAndWarningsAndChangesNothing() {
    String draft = fixture.draft("News");
    JsonNode before = fixture.tenant.get(draft).json();

    Reply reply = fixture.tenant.post(draft + "/dry-run", "");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode dry = reply.json();
    assertThat(dry.get("messages").asLong()).isEqualTo(90);
    assertThat(dry.at("/channels/email/reachable").asLong()).isEqualTo(90);
    assertThat(Instant.parse(dry.get("estimated_end_at").asString()))
        .isEqualTo(Instant.parse(dry.get("starts_at").asString()).plusSeconds(9));
    assertThat(dry.get("media")).isEmpty();
    assertThat(codes(dry))
        .containsExactly(
            "nobody_reachable_on_telegram",
            "no_unsubscribe_link",
            "account_never_tested",
            "account_never_tested",
            "missing_variable");
    assertThat(fixture.tenant.get(draft).json()).isEqualTo(before);
    StubBackend.Received asked = api.backend().received("/internal/v1/dry-runs").getLast();
    BroadcastControl control = EventCodec.decode(BroadcastControl.class, asked.body());
    assertThat(control.state()).isEqualTo(BroadcastState.RUNNING);
    assertThat(control.channels()).hasSize(2);
    assertThat(control.audience()).isNotNull();
  }

  @Test
  void anAccountThatPassedItsTestAsItIsIsNotWarnedOf() {
    api.backend()
        .answer("/internal/v1/channel-accounts/", 200, "{\"ok\": true, \"milliseconds\": 3}");
    String draft = fixture.draft("News");
    fixture.tenant.post("/api/v1/channel-accounts/" + fixture.email + "/test", "");

    JsonNode warnings = fixture.tenant.post(draft + "/dry-run", "").json().get("warnings");

    assertThat(warnings.valueStream().map(one -> one.get("detail").asString()))
        .noneMatch(detail -> detail.contains("for email"))
        .anyMatch(detail -> detail.contains("for telegram"));
  }

  @Test
  void aTestIsWarnedOfWithItsPower() {
    String draft =
        fixture.tenant.post(Fixture.BROADCASTS, fixture.tested("Tested")).header("Location");

    JsonNode dry = fixture.tenant.post(draft + "/dry-run", "").json();

    assertThat(dry.at("/ab_test_power/recipients").asLong()).isEqualTo(45);
    assertThat(codes(dry)).contains("ab_test_underpowered");
    assertThat(api.backend().received("/internal/v1/ab-tests/power").getLast().pathAndQuery())
        .endsWith("sizes=45,45");
  }

  @Test
  void aScheduledOneIsTriedForWhenItStarts() {
    String draft = fixture.draft("Later");
    fixture.act(draft, "schedule");

    JsonNode dry = fixture.tenant.post(draft + "/dry-run", "").json();

    assertThat(dry.get("state").asString()).isEqualTo("scheduled");
    assertThat(Instant.parse(dry.get("starts_at").asString()))
        .isAfter(Instant.now().plusSeconds(3_000));
  }

  @Test
  void whatCannotStartIsRefused() {
    String running = fixture.running("News");
    assertThat(fixture.tenant.post(running + "/dry-run", "").code()).isEqualTo("illegal_state");
    String draft = fixture.draft("News");
    assertThat(api.newTenant().post(draft + "/dry-run", "").status()).isEqualTo(404);
    api.backend()
        .answer(
            "/internal/v1/dry-runs",
            422,
            """
            {"code": "invalid_request", "errors": [{"pointer": "/audience",
             "detail": "list_not_found: there is no list"}]}\
            """);
    Reply refused = fixture.tenant.post(draft + "/dry-run", "");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.pointers()).containsExactly("/audience");
    api.backend().answer("/internal/v1/dry-runs", 503, "{}");
    assertThat(fixture.tenant.post(draft + "/dry-run", "").code()).isEqualTo("dry_run_too_slow");
    api.backend().answer("/internal/v1/dry-runs", 429, "{}");
    assertThat(fixture.tenant.post(draft + "/dry-run", "").code()).isEqualTo("too_many_dry_runs");
    api.backend().answer("/internal/v1/dry-runs", 500, "{}");
    assertThat(fixture.tenant.post(draft + "/dry-run", "").status()).isEqualTo(502);
  }

  @Test
  void nobodyInTheAudienceIsSaid() {
    api.backend()
        .answer(
            "/internal/v1/dry-runs",
            200,
            """
            {"contacts": 0, "messages": 0, "skipped": {}, "put_off": 0, "channels": {},
             "variants": {}, "missing_variables": {}, "estimated_seconds": 0}\
            """);
    Map<String, Object> wanted = fixture.wanted("Nobody");
    String draft = fixture.tenant.post(Fixture.BROADCASTS, wanted).header("Location");
    assertThat(codes(fixture.tenant.post(draft + "/dry-run", "").json()))
        .startsWith("empty_audience");
  }

  private static List<String> codes(JsonNode dry) {
    return dry.get("warnings").valueStream().map(one -> one.get("code").asString()).toList();
  }
}
