package io.fanfare.contract;

import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.contact.ContactErased;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.contract.tenant.TenantLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events to bytes and back: JSON in snake case, instants and durations as ISO-8601. Unknown fields
 * are ignored, so that events may grow; a missing field that is not nullable makes the event
 * undecodable. Every service and both hot topics go through this one class.
 */
public final class EventCodec {

  /** The header that names an event's type, as in CloudEvents' Kafka binding. */
  public static final String TYPE_HEADER = "ce_type";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  private static final Map<String, Class<? extends Record>> CLASS_BY_TYPE = classByType();

  private EventCodec() {}

  /** The type of an event, for {@link #TYPE_HEADER}. */
  public static String typeOf(Record event) {
    return switch (event) {
      case BroadcastLifecycle lifecycle -> "broadcast." + lifecycle.change().id();
      case BroadcastControl control -> "broadcast.control";
      case GlobalStop stop -> "broadcast.stop";
      case BroadcastSignal signal -> "broadcast.signal";
      case BroadcastContent content -> "broadcast.content";
      case ChannelAccount account -> "channel.account";
      case TenantLimits limits -> "tenant.limits";
      case SendMessage command -> "send.message";
      case RetryDue due -> "delivery.retry_due";
      case DeliveryEvent delivery -> deliveryType(delivery.outcome());
      case EngagementEvent engagement -> "engagement." + engagement.kind().id();
      case EngagementReported reported -> "engagement.reported";
      case DeliveryProgress progress -> "delivery.progress";
      case MessageAccepted accepted -> "message.accepted";
      case MessageRequested requested -> "message.requested";
      case ContactListChanged change -> "contact_list." + change.change().id();
      case ContactSuppression suppression -> "contact.suppression";
      case ContactErased erased -> "contact.erased";
      case ContactPreference preference -> "contact.preference";
      case ListConfirmed confirmed -> "contact.confirmed";
      case ContactSignal signal -> "contact." + signal.kind().id();
      case AuditRecorded audit -> "audit.recorded";
      default -> throw new IllegalArgumentException("not an event: " + event.getClass());
    };
  }

  /** The type of a delivery event, to filter by without decoding. */
  public static String deliveryType(Outcome outcome) {
    return "broadcast.message_" + outcome.id();
  }

  /** The bytes of an event. */
  public static byte[] encode(Record event) {
    return MAPPER.writeValueAsBytes(event);
  }

  /**
   * The event in some bytes.
   *
   * @param type the value of {@link #TYPE_HEADER}; null when the record has none
   * @param payload the bytes; null for a tombstone, which is no event
   * @throws UndecodableEvent when the type is unknown, the bytes are no JSON of it, or a field that
   *     must be there is missing
   */
  public static Record decode(@Nullable String type, byte @Nullable [] payload) {
    if (type == null) {
      throw new UndecodableEvent("no " + TYPE_HEADER + " header");
    }
    Class<? extends Record> target = CLASS_BY_TYPE.get(type);
    if (target == null) {
      throw new UndecodableEvent("unknown event type " + type);
    }
    return decode(target, payload);
  }

  /**
   * The event of a known class in some bytes.
   *
   * @throws UndecodableEvent as {@link #decode(String, byte[])}
   */
  public static <E extends Record> E decode(Class<E> target, byte @Nullable [] payload) {
    if (payload == null) {
      throw new UndecodableEvent("no payload");
    }
    E event;
    try {
      event = MAPPER.readValue(payload, target);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UndecodableEvent("not a " + target.getSimpleName() + ": " + e.getMessage(), e);
    }
    if (event == null) {
      throw new UndecodableEvent("null is not a " + target.getSimpleName());
    }
    RequiredComponents.check(event);
    return event;
  }

  /** Every event type and the record that carries it. */
  public static Map<String, Class<? extends Record>> types() {
    return CLASS_BY_TYPE;
  }

  private static Map<String, Class<? extends Record>> classByType() {
    Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
    for (BroadcastLifecycle.Change change : BroadcastLifecycle.Change.values()) {
      types.put("broadcast." + change.id(), BroadcastLifecycle.class);
    }
    types.put("broadcast.control", BroadcastControl.class);
    types.put("broadcast.stop", GlobalStop.class);
    types.put("broadcast.signal", BroadcastSignal.class);
    types.put("broadcast.content", BroadcastContent.class);
    types.put("channel.account", ChannelAccount.class);
    types.put("tenant.limits", TenantLimits.class);
    types.put("send.message", SendMessage.class);
    for (Outcome outcome : Outcome.values()) {
      types.put(deliveryType(outcome), DeliveryEvent.class);
    }
    for (EngagementEvent.Kind kind : EngagementEvent.Kind.values()) {
      types.put("engagement." + kind.id(), EngagementEvent.class);
    }
    types.put("engagement.reported", EngagementReported.class);
    types.put("delivery.progress", DeliveryProgress.class);
    types.put("delivery.retry_due", RetryDue.class);
    types.put("message.accepted", MessageAccepted.class);
    types.put("message.requested", MessageRequested.class);
    for (ContactListChanged.Change change : ContactListChanged.Change.values()) {
      types.put("contact_list." + change.id(), ContactListChanged.class);
    }
    for (ContactSignal.Kind kind : ContactSignal.Kind.values()) {
      types.put("contact." + kind.id(), ContactSignal.class);
    }
    types.put("contact.suppression", ContactSuppression.class);
    types.put("contact.erased", ContactErased.class);
    types.put("contact.preference", ContactPreference.class);
    types.put("contact.confirmed", ListConfirmed.class);
    types.put("audit.recorded", AuditRecorded.class);
    return Map.copyOf(types);
  }
}
