package io.fanfare.contract.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a contact chose on the page of its own preferences. Keyed by tenant and contact, so that
 * choices stay in order. It may arrive more than once, always with the same id.
 *
 * @param eventId the same for every delivery, and for the same form sent again
 * @param tenantId the tenant
 * @param contactId the contact
 * @param seen the contact's newest opt-out or opt-in that the page knew of, by its number; 0 for
 *     none. Who did not know of a later one may opt out, but not in
 * @param choices what was chosen otherwise than it was
 * @param at when it was chosen
 */
public record ContactPreference(
    UUID eventId, UUID tenantId, long contactId, long seen, List<Choice> choices, Instant at) {

  /**
   * One choice: of a channel, of a category, or of everything where it names neither.
   *
   * @param channel the channel; null for every channel
   * @param category the category; null for all messages
   * @param receive true to get them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Choice(@Nullable Channel channel, @Nullable String category, boolean receive) {}

  /** The record's key. */
  public String key() {
    return tenantId + ":" + contactId;
  }
}
