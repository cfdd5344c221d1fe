package io.fanfare.broadcast;

import java.util.Map;
import java.util.UUID;

/** A tenant of a test's own. */
public record TestTenant(ApiUnderTest api, UUID id, String adminKey) {

  /** A new key with the role. */
  public String key(String role) {
    return post("/api/v1/api-keys", Map.of("name", "A " + role, "role", role))
        .json()
        .get("key")
        .asString();
  }

  public Reply get(String path) {
    return api.call(adminKey, "GET", path);
  }

  public Reply post(String path, Object body, String... headers) {
    return api.call(adminKey, "POST", path, body, headers);
  }

  public Reply put(String path, Object body, String... headers) {
    return api.call(adminKey, "PUT", path, body, headers);
  }

  public Reply delete(String path, String... headers) {
    return api.call(adminKey, "DELETE", path, "", headers);
  }
}
