package io.fanfare.contract.engagement;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An internal system reports what a recipient did: the data of a CloudEvent of type {@code
 * engagement.reported}. Its {@code ce_tenantid} names the tenant, which must be the broadcast's.
 *
 * @param broadcastId the broadcast the message belongs to
 * @param contactId the contact
 * @param channel the channel of the message
 * @param kind {@code bounced}, {@code complained}, {@code replied} or {@code custom}
 * @param eventId the reporter's own id of it, 1 to 100 characters: the same id of the same
 *     broadcast is counted once, whichever way it comes and whatever it says
 * @param name with {@code bounced}: {@code hard} or {@code soft}; with {@code custom}: the event's
 *     name, see {@link #CUSTOM_NAME}; else null
 * @param value with {@code custom}: what it was worth, at most 15 digits before the point and 6
 *     after it; null for nothing
 * @param at when it happened; null: when the event was written to the topic
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngagementReported(
    UUID broadcastId,
    long contactId,
    Channel channel,
    Kind kind,
    String eventId,
    @Nullable String name,
    @Nullable BigDecimal value,
    @Nullable Instant at) {

  /** What a custom event may be called. */
  public static final Pattern CUSTOM_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}");

  /** The id of the event that tells of it; a name-based UUID. */
  public static UUID idOf(UUID tenantId, UUID broadcastId, String eventId) {
    String name = tenantId + ":" + broadcastId + ":" + eventId;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
