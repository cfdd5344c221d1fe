package io.fanfare.broadcast.account;

import io.fanfare.contract.Channel;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.account.DomainLimits;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A channel account as it is stored: its secret is sealed. */
record StoredAccount(
    UUID id,
    UUID tenantId,
    Channel channel,
    String name,
    long version,
    int shards,
    int ratePerSecond,
    Map<String, String> settings,
    @Nullable String sealedSecret,
    Instant createdAt,
    Instant updatedAt) {

  /** The next version of this account. */
  StoredAccount changed(AccountPlan plan, @Nullable String newSecret, Instant now) {
    return new StoredAccount(
        id,
        tenantId,
        channel,
        plan.name(),
        version + 1,
        shards,
        plan.ratePerSecond(),
        plan.settings(),
        newSecret,
        createdAt,
        now);
  }

  /** What the other services learn. */
  ChannelAccount event() {
    return new ChannelAccount(
        id, tenantId, channel, name, version, shards, ratePerSecond, settings, sealedSecret);
  }

  /** What the API shows. */
  AccountView shown() {
    return new AccountView(
        id,
        channel.name(),
        name,
        shownSettings(),
        sealedSecret != null,
        ratePerSecond,
        shards,
        version,
        createdAt,
        updatedAt);
  }

  /** What the audit log shows. */
  Map<String, Object> audited() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("channel", channel.name());
    fields.put("name", name);
    fields.put("settings", shownSettings());
    fields.put("has_secret", sealedSecret != null);
    fields.put("rate_per_second", ratePerSecond);
    fields.put("shards", shards);
    fields.put("version", version);
    return fields;
  }

  private Map<String, Object> shownSettings() {
    Map<String, Object> shown = new LinkedHashMap<>(settings);
    shown.computeIfPresent("port", (name, port) -> Integer.valueOf(port.toString()));
    shown.computeIfPresent(
        DomainLimits.SETTING,
        (name, limits) -> new TreeMap<>(DomainLimits.parse(limits.toString()).perSecond()));
    return shown;
  }

  /** Never prints the secret, not even sealed. */
  @Override
  public String toString() {
    return "StoredAccount[" + id + ", " + channel + ", " + name + ", v" + version + "]";
  }
}
