package io.fanfare.broadcast.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A single message as the API shows it.
 *
 * @param state accepted, sent, retrying, failed, dead, in_doubt, skipped or cancelled
 * @param cause why, unless it is accepted or sent
 * @param attempt the counted try it is or was
 * @param retryAt the earliest instant of the next try, if the provider named one
 * @param changedAt when it came to this state; absent while it waits
 * @param providerMessageId the provider's own id of a sent message, if it gave one
 * @param broadcastId what its dead letters and events call their broadcast
 * @param links paths of what belongs to it
 * @param category the name of the category it belongs to; absent when it belongs to none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageView(
    UUID id,
    MessageState state,
    @Nullable Cause cause,
    @Nullable Integer attempt,
    @Nullable Instant retryAt,
    @Nullable Instant changedAt,
    @Nullable String providerMessageId,
    long contactId,
    @Nullable String externalId,
    Channel channel,
    UUID accountId,
    UUID templateId,
    long templateVersion,
    DeliveryPolicy policy,
    UUID broadcastId,
    Instant createdAt,
    String createdBy,
    Map<String, String> links,
    @Nullable String category) {

  static MessageView of(Message message, MessageState.Standing standing) {
    MessageRun run = message.run();
    return new MessageView(
        message.id(),
        standing.state(),
        standing.cause(),
        standing.attempt(),
        standing.retryAt(),
        standing.at(),
        standing.providerMessageId(),
        message.contactId(),
        message.externalId(),
        run.control().channels().getFirst().channel(),
        message.accountId(),
        message.templateId(),
        run.templateVersion(),
        run.control().policy(),
        run.id(),
        message.createdAt(),
        message.createdBy(),
        Map.of("self", path(message.id())),
        run.control().category());
  }

  static String path(UUID id) {
    return "/api/v1/messages/" + id;
  }
}
