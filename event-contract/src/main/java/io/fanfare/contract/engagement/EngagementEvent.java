package io.fanfare.contract.engagement;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.Audience;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a recipient did with a message; the event type is {@code engagement.} and {@link Kind#id()}.
 * Keyed by contact. It may arrive more than once, always with the same id, and long after the
 * message.
 *
 * @param eventId the same for every delivery of this event; for what a provider tells more than
 *     once (a Telegram update, a bounce) derived from the provider's own id
 * @param kind what happened
 * @param tenantId the tenant
 * @param broadcastId the broadcast the message belongs to
 * @param contactId the contact
 * @param channel the channel of the message
 * @param variant the variant of the content the recipient got
 * @param link with {@code CLICKED}: the number of the link in the variant's content, from 1
 * @param target with {@code CLICKED}: the link as the content has it, at most 2,000 characters
 * @param name with {@code CUSTOM}: the event's name; with {@code BUTTON}: the button's data; with
 *     {@code BOUNCED}: {@code hard} or {@code soft}; with {@code UNSUBSCRIBED}: the category of the
 *     message, which is unsubscribed from; null for the whole channel
 * @param value with {@code CUSTOM}: what it was worth, in the tenant's own unit
 * @param at when it happened, as far as we know: when the request or the update came
 * @param sentAt when the message was made, to the second; null where nobody knows
 * @param utcOffset minutes east of UTC where the contact is, when the message was made; null where
 *     nobody knows
 * @param machine why this is taken for a machine's doing and not the recipient's, such as {@code
 *     head_request}; null for a human's. Never a reason to drop it: it is counted apart
 * @param segment the number, from 1, of the part of the {@link Audience} through which the contact
 *     was chosen; null for a single message
 * @param status with {@code BOUNCED}: the enhanced status code (RFC 3463) such as {@code 5.1.1};
 *     null where nobody knows
 * @param detail with {@code BOUNCED} and {@code COMPLAINED}: what the reporter said of it, without
 *     addresses, at most {@value #MOST_DETAIL_CHARACTERS} characters; null for nothing
 * @param addressCheck {@link AddressCheck} of the address the message went to; null where nobody
 *     knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngagementEvent(
    UUID eventId,
    Kind kind,
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    Channel channel,
    String variant,
    @Nullable Integer link,
    @Nullable String target,
    @Nullable String name,
    @Nullable BigDecimal value,
    Instant at,
    @Nullable Instant sentAt,
    @Nullable Integer utcOffset,
    @Nullable String machine,
    @Nullable Integer segment,
    @Nullable String status,
    @Nullable String detail,
    @Nullable Integer addressCheck) {

  /** The most characters of {@link #detail()}. */
  public static final int MOST_DETAIL_CHARACTERS = 500;

  /** Of which nothing more is known. */
  public EngagementEvent(
      UUID eventId,
      Kind kind,
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      String variant,
      @Nullable Integer link,
      @Nullable String target,
      @Nullable String name,
      @Nullable BigDecimal value,
      Instant at,
      @Nullable Instant sentAt,
      @Nullable Integer utcOffset,
      @Nullable String machine,
      @Nullable Integer segment) {
    this(
        eventId,
        kind,
        tenantId,
        broadcastId,
        contactId,
        channel,
        variant,
        link,
        target,
        name,
        value,
        at,
        sentAt,
        utcOffset,
        machine,
        segment,
        null,
        null,
        null);
  }

  /** The same with what a report of the mail system says. */
  public EngagementEvent reported(
      @Nullable String statusCode, @Nullable String words, @Nullable Integer check) {
    return new EngagementEvent(
        eventId,
        kind,
        tenantId,
        broadcastId,
        contactId,
        channel,
        variant,
        link,
        target,
        name,
        value,
        at,
        sentAt,
        utcOffset,
        machine,
        segment,
        statusCode,
        words,
        check);
  }

  /** Of a recipient that no part of an audience chose. */
  public EngagementEvent(
      UUID eventId,
      Kind kind,
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      String variant,
      @Nullable Integer link,
      @Nullable String target,
      @Nullable String name,
      @Nullable BigDecimal value,
      Instant at,
      @Nullable Instant sentAt,
      @Nullable Integer utcOffset,
      @Nullable String machine) {
    this(
        eventId,
        kind,
        tenantId,
        broadcastId,
        contactId,
        channel,
        variant,
        link,
        target,
        name,
        value,
        at,
        sentAt,
        utcOffset,
        machine,
        null);
  }

  /** What may happen to a message once it is sent. */
  public enum Kind {
    OPENED,
    CLICKED,
    REPLIED,
    BUTTON,
    BOUNCED,
    COMPLAINED,
    UNSUBSCRIBED,
    CUSTOM;

    /** The name in JSON and, after {@code engagement.}, the event type. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
