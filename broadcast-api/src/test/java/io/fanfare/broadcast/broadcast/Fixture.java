package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A tenant with a template for both channels and an account of each. */
public final class Fixture {

  public static final String BROADCASTS = "/api/v1/broadcasts";

  public final ApiUnderTest api;
  public final TestTenant tenant;
  public final UUID email;
  public final UUID telegram;
  public final String template;
  public final UUID list = UUID.randomUUID();

  public Fixture(ApiUnderTest api) {
    this.api = api;
    this.tenant = api.newTenant();
    this.email = account("email", 8);
    this.telegram = account("telegram", 1);
    this.template =
        template(
            Map.of(
                "email",
                Map.of("subject", "Hi {{ contact.name }}", "text", "{{ vars.price }}"),
                "telegram",
                Map.of("text", "{{ contact.custom.city }}")));
  }

  String template(Map<String, Object> channels) {
    return tenant
        .post("/api/v1/templates", Map.of("name", "T", "channels", channels))
        .json()
        .get("id")
        .asString();
  }

  UUID account(String channel, int shards) {
    UUID id = UUID.randomUUID();
    api.jdbc()
        .sql(
            """
            insert into channel_account (id, tenant_id, channel, name, version, shards,
              rate_per_second, settings, created_at, updated_at)
            values (:id, :tenant, :channel, 'A', 1, :shards, 0, '{}', now(), now())
            """)
        .param("id", id)
        .param("tenant", tenant.id())
        .param("channel", channel)
        .param("shards", shards)
        .update();
    return id;
  }

  /** A request for a two-channel broadcast. */
  public Map<String, Object> wanted(String name) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("name", name);
    wanted.put("template_id", template);
    wanted.put("list_id", list.toString());
    wanted.put(
        "channels",
        List.of(
            Map.of("channel", "email", "account_id", email.toString()),
            Map.of("channel", "telegram", "account_id", telegram.toString())));
    wanted.put("variables", Map.of("price", 12));
    return wanted;
  }

  /** The same with a test of two variants of an e-mail; four fifths wait for the winner. */
  Map<String, Object> tested(String name) {
    Map<String, Object> wanted = wanted(name);
    wanted.put("channels", List.of(Map.of("channel", "email", "account_id", email.toString())));
    Map<String, Object> test = new LinkedHashMap<>();
    test.put("variants", List.of(variant("Short", 10, template), variant("Long", 10, template)));
    test.put("hold_back_percent", 80);
    test.put("duration", "PT4H");
    wanted.put("ab_test", test);
    return wanted;
  }

  static Map<String, Object> variant(String name, int percent, String template) {
    Map<String, Object> variant = new LinkedHashMap<>();
    variant.put("name", name);
    variant.put("percent", percent);
    variant.put("channels", Map.of("email", Map.of("template_id", template)));
    return variant;
  }

  /** The path of a new draft. */
  public String draft(String name) {
    return tenant.post(BROADCASTS, wanted(name)).header("Location");
  }

  /** The path of a new broadcast that runs. */
  public String running(String name) {
    String path = draft(name);
    tenant.post(path + "/start", "");
    return path;
  }

  public Reply act(String path, String action) {
    return switch (action) {
      case "edit" -> api.call(tenant.adminKey(), "PATCH", path, Map.of("name", "Changed"));
      case "delete" -> tenant.delete(path);
      case "schedule" ->
          tenant.post(
              path + "/schedule", Map.of("at", Instant.now().plusSeconds(3_600).toString()));
      default -> tenant.post(path + "/" + action, "");
    };
  }

  public String stateOf(String path) {
    return tenant.get(path).json().path("state").asString();
  }

  public static UUID idOf(String path) {
    return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  }

  public BroadcastSignal signal(String path, Signal signal, long epoch) {
    return new BroadcastSignal(
        idOf(path),
        tenant.id(),
        signal,
        epoch,
        signal == Signal.FROZEN ? 1_000L : null,
        signal == Signal.PAUSE || signal == Signal.FAIL
            ? new StateReason("account_refused", "535 wrong password")
            : null,
        Instant.now());
  }
}
