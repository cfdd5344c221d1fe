package io.fanfare.contract.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A list changed; the event type is {@code contact_list.} and {@link Change#id()}. Keyed by list.
 *
 * @param eventId the same for every delivery
 * @param change what happened
 * @param tenantId the tenant
 * @param listId the list
 * @param name its name
 * @param contacts how many contacts were added or removed; null for other changes
 * @param actor who did it
 * @param at when
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactListChanged(
    UUID eventId,
    Change change,
    UUID tenantId,
    UUID listId,
    String name,
    @Nullable Long contacts,
    String actor,
    Instant at) {

  /** What may happen to a list. */
  public enum Change {
    CREATED,
    UPDATED,
    CONTACTS_ADDED,
    CONTACTS_REMOVED,
    DELETED;

    /** The name in JSON and, after {@code contact_list.}, the event type. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
