package io.fanfare.dispatch.channel;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a channel may know of the broadcast a content belongs to.
 *
 * @param broadcastId the broadcast
 * @param tenantId its tenant
 * @param name its name
 * @param variant the variant of the content
 * @param variables the broadcast's own variables
 * @param category the category of its messages; null when they have none
 */
public record BroadcastFacts(
    UUID broadcastId,
    UUID tenantId,
    String name,
    String variant,
    Map<String, Object> variables,
    @Nullable String category) {

  /** Of a broadcast of no category. */
  public BroadcastFacts(
      UUID broadcastId, UUID tenantId, String name, String variant, Map<String, Object> variables) {
    this(broadcastId, tenantId, name, variant, variables, null);
  }
}
