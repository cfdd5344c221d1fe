package io.fanfare.contract.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody, or the mail system in his place, told a channel account about being written to;
 * the event type is {@code contact.} and {@link Kind#id()}. Keyed by tenant, channel and address,
 * so that what one address says stays in order. It may arrive more than once, always with the same
 * id.
 *
 * @param eventId the same for every delivery, derived from the provider's own id
 * @param kind what was said
 * @param tenantId the tenant of the account
 * @param accountId the account it was said to
 * @param channel the channel
 * @param address who said it: the address messages go to, of Telegram the chat id
 * @param contactId with {@code LINKED}: the contact that the address belongs to from now on; with
 *     {@code UNREACHABLE}: whose message it was
 * @param at when it was said
 * @param refusal with {@code UNREACHABLE}: what was refused and how
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactSignal(
    UUID eventId,
    Kind kind,
    UUID tenantId,
    UUID accountId,
    Channel channel,
    String address,
    @Nullable Long contactId,
    Instant at,
    @Nullable Refusal refusal) {

  /**
   * How a message was refused because of its recipient's address.
   *
   * @param broadcastId the broadcast the message belongs to
   * @param status the enhanced status code (RFC 3463) such as {@code 5.1.1}; null where the reply
   *     had none
   * @param detail what the mail system said, without the address, at most 500 characters
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Refusal(UUID broadcastId, @Nullable String status, String detail) {}

  /** Of which nothing more is to be said. */
  public ContactSignal(
      UUID eventId,
      Kind kind,
      UUID tenantId,
      UUID accountId,
      Channel channel,
      String address,
      @Nullable Long contactId,
      Instant at) {
    this(eventId, kind, tenantId, accountId, channel, address, contactId, at, null);
  }

  /** What may be said. */
  public enum Kind {
    /** This address is mine: by a link that was made for one contact. */
    LINKED,
    /** I want messages. */
    STARTED,
    /** I want no more messages. */
    STOPPED,
    /** The account can no longer reach the address, since whoever has it shut it out. */
    BLOCKED,
    /** There is nobody at this address: said in refusing a message to it. */
    UNREACHABLE;

    /** The name in JSON and, after {@code contact.}, the event type. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The record's key. */
  public String key() {
    return tenantId + ":" + channel + ":" + address;
  }
}
