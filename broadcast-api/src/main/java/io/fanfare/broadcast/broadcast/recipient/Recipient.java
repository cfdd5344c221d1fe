package io.fanfare.broadcast.broadcast.recipient;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.delivery.Cause;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One contact on one channel of a broadcast.
 *
 * @param externalId the contact's; absent when it has none or was erased
 * @param address of the contact on the channel as it is now; absent when it has none or was erased
 * @param variant absent where the recipient was skipped before it got one
 * @param reason why it stands there, unless sent; of a pending one what it waits for
 * @param attempts counted tries so far
 * @param at when it came to stand there; absent where nothing happened yet
 * @param until when what it waits for is over, if that is known
 */
@Schema(name = "BroadcastRecipient")
@JsonInclude(JsonInclude.Include.NON_NULL)
record Recipient(
    @Schema(example = "4711") long contactId,
    @Nullable @Schema(example = "student-42") String externalId,
    @Schema(example = "email") String channel,
    @Nullable @Schema(example = "ada@example.org") String address,
    @Nullable @Schema(example = "a") String variant,
    @Schema(type = "string", example = "failed") RecipientState state,
    @Nullable Cause reason,
    @Schema(example = "1") int attempts,
    @Nullable Instant at,
    @Nullable Instant until) {

  @JsonIgnore
  RecipientPosition position() {
    return new RecipientPosition(contactId, channel);
  }

  /** The same of a contact that is known by more than its id. */
  Recipient named(@Nullable String externalIdOfContact, @Nullable String addressOfContact) {
    return new Recipient(
        contactId,
        externalIdOfContact,
        channel,
        addressOfContact,
        variant,
        state,
        reason,
        attempts,
        at,
        until);
  }
}
