package io.fanfare.audience;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AudienceExtension.class)
class TenantIsolationTest {

  private final AudienceService audience;

  TenantIsolationTest(AudienceService audience) {
    this.audience = audience;
  }

  @Test
  void anotherTenantsIdsNameNothing() {
    Scenario owner = new Scenario(audience);
    long contact = owner.contacts(1).getFirst();
    UUID list = owner.list(List.of(contact));
    BroadcastControl broadcast = owner.start(list, Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    owner.awaitFrozen(broadcast);
    String segment =
        audience
            .post(
                owner.tenant(),
                "/api/v1/segments",
                "{\"name\": \"s\", \"filter\": {\"list\": \"" + list + "\"}}")
            .body()
            .path("id")
            .asString();
    UUID stranger = Ids.next();
    List<String[]> calls =
        List.of(
            new String[] {"GET", "/api/v1/contacts/" + contact, null},
            new String[] {"PATCH", "/api/v1/contacts/" + contact, "{\"name\": \"x\"}"},
            new String[] {"DELETE", "/api/v1/contacts/" + contact, null},
            new String[] {"GET", "/api/v1/contacts/" + contact + "/opt-outs", null},
            new String[] {"PUT", "/api/v1/contacts/" + contact + "/opt-outs", "{}"},
            new String[] {"DELETE", "/api/v1/contacts/" + contact + "/opt-outs", null},
            new String[] {"GET", "/api/v1/lists/" + list, null},
            new String[] {"PATCH", "/api/v1/lists/" + list, "{\"name\": \"x\"}"},
            new String[] {"DELETE", "/api/v1/lists/" + list, null},
            new String[] {"GET", "/api/v1/lists/" + list + "/contacts", null},
            new String[] {"POST", "/api/v1/lists/" + list + "/contacts", "{\"contact_ids\":[1]}"},
            new String[] {
              "POST", "/api/v1/lists/" + list + "/contacts/remove", "{\"contact_ids\":[1]}"
            },
            new String[] {"GET", "/api/v1/segments/" + segment, null},
            new String[] {"GET", "/api/v1/segments/" + segment + "/explain", null},
            new String[] {"POST", "/api/v1/segments/" + segment + "/refresh", null},
            new String[] {"PATCH", "/api/v1/segments/" + segment, "{\"name\": \"x\"}"},
            new String[] {"DELETE", "/api/v1/segments/" + segment, null},
            new String[] {
              "GET", "/api/v1/broadcasts/" + broadcast.broadcastId() + "/progress", null
            },
            new String[] {
              "GET", "/api/v1/broadcasts/" + broadcast.broadcastId() + "/skipped", null
            });
    for (String[] call : calls) {
      assertThat(status(AudienceService.identity(stranger, Role.ADMIN), call)).isEqualTo(404);
      assertThat(status(null, call)).isEqualTo(401);
      if (!call[0].equals("GET")) {
        assertThat(status(AudienceService.identity(owner.tenant(), Role.VIEWER), call))
            .isEqualTo(403);
      }
    }
    assertThat(audience.get(stranger, "/api/v1/contacts").body().path("items")).isEmpty();
    assertThat(audience.get(stranger, "/api/v1/lists").body().path("items")).isEmpty();
    assertThat(audience.get(stranger, "/api/v1/segments").body().path("items")).isEmpty();
    assertThat(
            audience.get(owner.tenant(), "/api/v1/lists/" + list).body().path("contacts").asInt())
        .isEqualTo(1);
  }

  private int status(Identity who, String[] call) {
    return audience.request(who, call[0], call[1], call[2], Map.of()).status();
  }
}
