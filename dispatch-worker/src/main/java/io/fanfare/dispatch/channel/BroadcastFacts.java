package io.fanfare.dispatch.channel;

import java.util.Map;
import java.util.UUID;

/**
 * What a channel may know of the broadcast a content belongs to.
 *
 * @param broadcastId the broadcast
 * @param tenantId its tenant
 * @param name its name
 * @param variant the variant of the content
 * @param variables the broadcast's own variables
 */
public record BroadcastFacts(
    UUID broadcastId, UUID tenantId, String name, String variant, Map<String, Object> variables) {}
