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
   * @param code what it is, stable, for machines: {@link #OPTED_OUT}, {@link
   *     #OPTED_OUT_OF_CATEGORY}, {@link #ADDRESS_SUPPRESSED}, {@link #CONTACT_ERASED}; a reader
   *     takes one it does not know as a reason all the same
   * @param since when it began
   * @param category the category of messages it is about; null for all messages
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Suppression(
      @Nullable Channel channel, String code, Instant since, @Nullable String category) {

    /** About all messages. */
    public Suppression(@Nullable Channel channel, String code, Instant since) {
      this(channel, code, since, null);
    }

    /** The contact wants no messages. */
    public static final String OPTED_OUT = "opted_out";

    /** The contact wants no messages of one category. */
    public static final String OPTED_OUT_OF_CATEGORY = "opted_out_of_category";

    /** The contact's address on the channel is on the suppression list. */
    public static final String ADDRESS_SUPPRESSED = "suppressed";

    /** The contact was erased. */
    public static final String CONTACT_ERASED = "contact_erased";

    /**
     * Whether it is about a message.
     *
     * @param asked the channel it goes over
     * @param of its category; null when it has none
     */
    public boolean covers(Channel asked, @Nullable String of) {
      return (channel == null || channel.equals(asked))
          && (category == null || category.equals(of));
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
