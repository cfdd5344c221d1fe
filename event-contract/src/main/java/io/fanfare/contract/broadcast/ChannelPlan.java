package io.fanfare.contract.broadcast;

import io.fanfare.contract.Channel;
import java.util.List;
import java.util.UUID;

/**
 * One channel of a broadcast, frozen when it starts.
 *
 * @param channel the channel
 * @param accountId the account it is sent with
 * @param shards into how many lanes the account is split, 1 to 64
 * @param variables the contact fields its template uses, such as {@code contact.name} or {@code
 *     contact.custom.city}; commands carry these and no others
 */
public record ChannelPlan(Channel channel, UUID accountId, int shards, List<String> variables) {}
