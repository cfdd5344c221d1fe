package io.fanfare.contract.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All reasons there are now never to send to a contact; the newest record of a contact takes the
 * place of all before it, so that compaction loses nothing. Keyed by tenant and contact.
 *
 * @param tenantId the tenant
 * @param contactId the contact
 * @param version grows with every change of the contact's suppressions; a record with a smaller one
 *     than was seen before has come late and says nothing
 * @param suppressions empty once the last of them was lifted
 * @param at when this change was made
 */
public record ContactSuppression(
    UUID tenantId, long contactId, long version, List<Suppression> suppressions, Instant at) {

  /**
   * One reason.
   *
   * @param channel the channel it is about; null for every channel
   * @param code what it is, stable, for machines: {@link #OPTED_OUT}, {@link #CONTACT_ERASED}; a
   *     reader takes one it does not know as a reason all the same
   * @param since when it began
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Suppression(@Nullable Channel channel, String code, Instant since) {

    /** The contact wants no messages. */
    public static final String OPTED_OUT = "opted_out";

    /** The contact was erased. */
    public static final String CONTACT_ERASED = "contact_erased";

    /** Whether it is about a channel. */
    public boolean covers(Channel asked) {
      return channel == null || channel.equals(asked);
    }
  }

  /** The record's key. */
  public String key() {
    return key(tenantId, contactId);
  }

  /** The key of a contact's record. */
  public static String key(UUID tenantId, long contactId) {
    return tenantId + ":" + contactId;
  }
}
