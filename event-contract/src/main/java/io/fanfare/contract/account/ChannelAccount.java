package io.fanfare.contract.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bot or a mail server a tenant sends with. Compacted by account id.
 *
 * @param accountId the account
 * @param tenantId its tenant
 * @param channel the channel it speaks
 * @param name its name, for people
 * @param version grows by one with every change
 * @param shards into how many lanes it is split, 1 to 64; fixed when it is made
 * @param ratePerSecond messages a second the provider takes from this account, all shards together;
 *     0 means no limit is known
 * @param settings what the channel needs and may be shown. E-mail: {@code host}, {@code port},
 *     {@code security} (none, starttls, tls), {@code username}, {@code from}, {@code from_name},
 *     {@code reply_to}, {@code return_path}, {@code bounce_host} and others of the mailbox bounces
 *     are fetched from, {@code domain_limits} (see {@link DomainLimits}). Telegram: {@code api_url}
 * @param sealedSecret the secret, sealed with AES-GCM and opened only where the channel is spoken;
 *     null when the account needs none. Opened it is a JSON object: e-mail {@code {"password": …}}
 *     and {@code bounce_password}, Telegram {@code {"token": …}}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChannelAccount(
    UUID accountId,
    UUID tenantId,
    Channel channel,
    String name,
    long version,
    int shards,
    int ratePerSecond,
    Map<String, String> settings,
    @Nullable String sealedSecret) {

  /** Never prints the secret, not even sealed. */
  @Override
  public String toString() {
    return "ChannelAccount[" + accountId + ", " + channel + ", " + name + ", v" + version + "]";
  }
}
