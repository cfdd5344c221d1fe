package io.fanfare.broadcast.account;

import io.fanfare.contract.Channel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was found in order, with every default filled in.
 *
 * @param channel the channel
 * @param name its name
 * @param settings what may be shown, as the channel's sender reads it
 * @param secret what may not, still open; null when the request brought none
 * @param needsSecret the channel cannot work without one with these settings
 * @param target where messages will be sent to
 * @param ratePerSecond messages a second; 0 when no limit is known
 * @param shards how many lanes
 * @param bounces where bounces are fetched from; null where they are not
 */
record AccountPlan(
    Channel channel,
    String name,
    Map<String, String> settings,
    @Nullable Map<String, String> secret,
    boolean needsSecret,
    Target target,
    int ratePerSecond,
    int shards,
    @Nullable Target bounces) {

  /** One whose bounces are not fetched. */
  AccountPlan(
      Channel channel,
      String name,
      Map<String, String> settings,
      @Nullable Map<String, String> secret,
      boolean needsSecret,
      Target target,
      int ratePerSecond,
      int shards) {
    this(channel, name, settings, secret, needsSecret, target, ratePerSecond, shards, null);
  }

  /**
   * Where an account leads.
   *
   * @param pointer the field to name when it is refused
   * @param host a name or an address
   * @param encrypted whether the secret is sent there encrypted, or there is none
   */
  record Target(String pointer, String host, boolean encrypted) {}

  /** Never prints the secret. */
  @Override
  public String toString() {
    return "AccountPlan[" + channel + ", " + name + "]";
  }
}
