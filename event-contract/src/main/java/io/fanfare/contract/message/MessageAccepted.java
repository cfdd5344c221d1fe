package io.fanfare.contract.message;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A single message to send: one more recipient of a broadcast that is under way. Keyed by lane; it
 * may arrive more than once, and before the control of its broadcast.
 *
 * @param messageId the message
 * @param tenantId the tenant
 * @param broadcastId the broadcast that carries it; no other message of it goes to this contact
 * @param contactId whom it goes to
 * @param channel over which channel
 * @param lane the recipient's lane
 * @param variables its own variables, {@code {{ vars.x }}} in the template
 * @param at when it was accepted
 */
public record MessageAccepted(
    UUID messageId,
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    Channel channel,
    Lane lane,
    Map<String, Object> variables,
    Instant at) {}
