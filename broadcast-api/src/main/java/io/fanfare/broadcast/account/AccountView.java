package io.fanfare.broadcast.account;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A channel account as the API shows it: never its secret.
 *
 * @param id which account
 * @param channel email or telegram
 * @param name its name
 * @param settings what the channel needs and may be shown
 * @param hasSecret whether a password or token is stored
 * @param ratePerSecond messages a second the provider takes; 0: no limit is known
 * @param shards into how many lanes it is split
 * @param version grows by one with every change; the {@code ETag} of the account
 * @param createdAt when it was made
 * @param updatedAt when it was last changed
 */
@Schema(name = "ChannelAccount")
record AccountView(
    UUID id,
    @Schema(example = "email") String channel,
    @Schema(example = "Newsletter server") String name,
    @Schema(example = "{\"host\": \"smtp.example.com\", \"port\": 587}")
        Map<String, Object> settings,
    @JsonProperty("has_secret") boolean hasSecret,
    @Schema(example = "0") int ratePerSecond,
    @Schema(example = "8") int shards,
    @Schema(example = "1") long version,
    Instant createdAt,
    Instant updatedAt) {}
