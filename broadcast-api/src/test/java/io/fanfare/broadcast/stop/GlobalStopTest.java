package io.fanfare.broadcast.stop;

import static io.fanfare.broadcast.ApiUnderTest.OPERATOR_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.broadcast.Fixture;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.localstack.testing.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiExtension.class)
class GlobalStopTest {

  private static final String STOP = "/api/v1/stop";

  private final ApiUnderTest api;

  GlobalStopTest(ApiUnderTest api) {
    this.api = api;
  }

  @AfterEach
  void lift() {
    api.call(OPERATOR_KEY, "DELETE", STOP);
  }

  @Test
  void isToldToTheOthersShownOnWhatRunsAndAudited() {
    Fixture fixture = new Fixture(api);
    String running = fixture.running("Runs");
    String draft = fixture.draft("Waits");
    int before = published().size();

    Reply stopped = api.call(OPERATOR_KEY, "PUT", STOP, Map.of("reason", " on fire "));
    assertThat(stopped.status()).isEqualTo(200);
    assertThat(stopped.json().get("stopped").asBoolean()).isTrue();
    assertThat(stopped.json().get("reason").asString()).isEqualTo("on fire");
    assertThat(stopped.json().get("changed_by").asString()).isEqualTo("operator");
    assertThat(api.call(OPERATOR_KEY, "GET", STOP).json()).isEqualTo(stopped.json());
    // The same again changes nothing.
    assertThat(api.call(OPERATOR_KEY, "PUT", STOP, Map.of("reason", "on fire")).json())
        .isEqualTo(stopped.json());
    assertThat(fixture.tenant.get(running).json().at("/reason/code").asString())
        .isEqualTo("global_stop");
    assertThat(fixture.tenant.get(running).json().get("state").asString()).isEqualTo("running");
    assertThat(fixture.tenant.get(draft).json().has("reason")).isFalse();
    assertThat(fixture.tenant.get(Fixture.BROADCASTS).body()).contains("global_stop");

    Reply lifted = api.call(OPERATOR_KEY, "DELETE", STOP);
    assertThat(lifted.json().get("stopped").asBoolean()).isFalse();
    assertThat(lifted.json().has("reason")).isFalse();
    assertThat(fixture.tenant.get(running).json().has("reason")).isFalse();

    await().atMost(Duration.ofSeconds(10)).until(() -> published().size() == before + 2);
    GlobalStop on = published().get(before);
    GlobalStop off = published().get(before + 1);
    assertThat(on.stopped()).isTrue();
    assertThat(on.reason()).isEqualTo("on fire");
    assertThat(off.stopped()).isFalse();
    assertThat(off.epoch()).isEqualTo(on.epoch() + 1);
    var audited =
        api.jdbc()
            .sql("select action from audit_entry where resource = 'global_stop' order by at, id")
            .query(String.class);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> audited.list().containsAll(List.of("stop", "lift")));
  }

  @Test
  void isTheOperatorsAlone() {
    Fixture fixture = new Fixture(api);
    assertThat(fixture.tenant.get(STOP).status()).isEqualTo(403);
    assertThat(fixture.tenant.put(STOP, Map.of("reason", "no")).status()).isEqualTo(403);
    assertThat(fixture.tenant.delete(STOP).status()).isEqualTo(403);
    assertThat(api.call("", "GET", STOP).status()).isEqualTo(401);
    assertThat(api.call(OPERATOR_KEY, "PUT", STOP, Map.of("reason", " ")).pointers())
        .containsExactly("/reason");
    assertThat(api.call(OPERATOR_KEY, "PUT", STOP, Map.of()).pointers()).containsExactly("/reason");
  }

  private static List<GlobalStop> published() {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(Topics.BROADCAST_CONTROL.name()).stream()
          .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(GlobalStop.KEY))
          .map(record -> EventCodec.decode(GlobalStop.class, record.value()))
          .toList();
    }
  }
}
