package io.fanfare.broadcast.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.broadcast.BroadcastState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What would come of a broadcast if it started now, or when it is scheduled to.
 *
 * @param startsAt when it would start
 * @param contacts in its audience
 * @param messages that would be sent
 * @param skipped recipients that would be skipped, by reason
 * @param putOff messages that would wait for the end of quiet hours
 * @param putOffUntil when the last of these end
 * @param channels the same by channel
 * @param variants messages by variant, then channel; those of a hold-back as {@code winner}
 * @param missingVariables recipients that lack a variable their content names, by its name
 * @param estimatedSeconds from the start to the last message; absent where the rate of an account
 *     is not known
 * @param boundedBy what takes longest: a channel, rate_per_minute, tenant_rate_per_minute,
 *     quiet_hours, send_time or ab_test
 * @param abTestPower what its test can find, as its results will show it
 * @param media what is wrong with its media
 * @param warnings what somebody should know before it starts
 */
@Schema(name = "DryRun")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DryRunAnswer(
    UUID broadcastId,
    @Schema(type = "string", example = "draft") BroadcastState state,
    Instant startsAt,
    @Schema(example = "1000") long contacts,
    @Schema(example = "930") long messages,
    @Schema(example = "{\"no_address\": 50, \"opted_out\": 20}") Map<String, Long> skipped,
    long putOff,
    @Nullable Instant putOffUntil,
    Map<String, DryRunAnswer.OfChannel> channels,
    Map<String, Map<String, Long>> variants,
    @Schema(example = "{\"contact.name\": 12}") Map<String, Long> missingVariables,
    @Nullable @Schema(example = "93") Long estimatedSeconds,
    @Nullable Instant estimatedEndAt,
    @Nullable @Schema(example = "email") String boundedBy,
    @Nullable Map<String, Object> abTestPower,
    List<DryRunAnswer.Warning> media,
    List<DryRunAnswer.Warning> warnings) {

  /**
   * One channel.
   *
   * @param reachable recipients that would be sent to
   * @param ratePerSecond of its account; absent where it has no limit and was not measured lately
   * @param ahead messages of running broadcasts that share the account until this one is done
   */
  @Schema(name = "DryRunChannel")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OfChannel(
      @Schema(example = "930") long reachable,
      Map<String, Long> skipped,
      long putOff,
      @Nullable @Schema(example = "10") Double ratePerSecond,
      long ahead,
      @Nullable @Schema(example = "93") Long estimatedSeconds) {}

  /**
   * Something somebody should know.
   *
   * @param code stable, for machines
   * @param detail one sentence for people
   */
  @Schema(name = "DryRunWarning")
  record Warning(
      @Schema(example = "no_unsubscribe_link") String code,
      @Schema(example = "the e-mail says nowhere how to unsubscribe") String detail) {}
}
