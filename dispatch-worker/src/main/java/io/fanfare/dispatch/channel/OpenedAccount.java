package io.fanfare.dispatch.channel;

import io.fanfare.contract.Channel;
import java.util.Map;
import java.util.UUID;

/**
 * A channel account with its secret opened; lives in memory only.
 *
 * @param accountId the account
 * @param tenantId its tenant
 * @param channel the channel it speaks
 * @param version grows by one with every change
 * @param ratePerSecond messages a second, all shards together; 0 means no limit is known
 * @param settings as in {@link io.fanfare.contract.account.ChannelAccount}
 * @param secret the opened secret's fields, such as {@code password} or {@code token}; empty when
 *     the account needs none
 */
public record OpenedAccount(
    UUID accountId,
    UUID tenantId,
    Channel channel,
    long version,
    int ratePerSecond,
    Map<String, String> settings,
    Map<String, String> secret) {

  /** Never prints the secret. */
  @Override
  public String toString() {
    return "OpenedAccount[" + accountId + ", " + channel + ", v" + version + "]";
  }
}
