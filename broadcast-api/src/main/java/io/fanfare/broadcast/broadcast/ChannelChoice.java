package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;

/**
 * A channel a broadcast uses.
 *
 * @param channel email or telegram
 * @param accountId the channel account it is sent with
 */
public record ChannelChoice(
    @Schema(type = "string", example = "email") Channel channel, UUID accountId) {}
