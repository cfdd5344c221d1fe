package io.fanfare.audience.freeze;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a freeze would decide now, and what the release would add to it.
 *
 * @param contacts in the audience
 * @param messages that would be sent
 * @param skipped by reason
 * @param putOff messages that would wait for the end of quiet hours
 * @param putOffUntil when the last of these end
 * @param channels the same by channel
 * @param variants messages by variant, then channel; of a test's hold-back as {@code winner}
 * @param missingVariables recipients that lack a variable their content names, by its name
 * @param estimatedSeconds from the start to the last message; null where a rate that matters is not
 *     known
 * @param boundedBy what takes longest: a channel, {@code rate_per_minute}, {@code
 *     tenant_rate_per_minute}, {@code quiet_hours}, {@code send_time} or {@code ab_test}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DryRun(
    long contacts,
    long messages,
    Map<String, Long> skipped,
    long putOff,
    @Nullable Instant putOffUntil,
    Map<String, DryRun.OfChannel> channels,
    Map<String, Map<String, Long>> variants,
    Map<String, Long> missingVariables,
    @Nullable Long estimatedSeconds,
    @Nullable String boundedBy) {

  /**
   * One channel.
   *
   * @param reachable recipients that would be sent to
   * @param ratePerSecond of its account; null where it has no limit and was not measured lately
   * @param ahead messages of running broadcasts that share the account until this one is done
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OfChannel(
      long reachable,
      Map<String, Long> skipped,
      long putOff,
      @Nullable Double ratePerSecond,
      long ahead,
      @Nullable Long estimatedSeconds) {}
}
