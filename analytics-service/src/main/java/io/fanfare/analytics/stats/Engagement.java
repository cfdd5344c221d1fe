package io.fanfare.analytics.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fanfare.analytics.stats.Doings.Custom;
import io.fanfare.analytics.stats.Doings.Done;
import io.fanfare.analytics.stats.Doings.Row;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the recipients of a broadcast did. A contact who got it on two channels is two recipients.
 *
 * @param all over all channels
 * @param channels by channel
 */
record Engagement(
    @JsonUnwrapped EngagementPart all, SortedMap<String, ChannelEngagement> channels) {

  /**
   * The engagement of some recipients.
   *
   * @param rates shares of those a message was sent to
   * @param kinds what was done, by what it was
   * @param custom custom events by name; the 100 most frequent
   * @param buttons presses of each button by its data; the 100 most pressed. Of a part of the
   *     audience none: only how many pressed any is known there
   */
  record EngagementPart(
      Rates rates,
      SortedMap<String, Done> kinds,
      SortedMap<String, Custom> custom,
      SortedMap<String, Done> buttons) {

    static EngagementPart of(Collection<Row> rows, long sent) {
      Doings doings = Doings.of(rows);
      return new EngagementPart(
          Rates.of(doings, sent), doings.kinds(), doings.custom(), doings.buttons());
    }
  }

  /**
   * The engagement on one channel.
   *
   * @param all over all variants
   * @param variants by variant of the content
   */
  record ChannelEngagement(
      @JsonUnwrapped EngagementPart all, SortedMap<String, EngagementPart> variants) {}

  /**
   * Adds rows up.
   *
   * @param sent recipients a message was sent to, by channel and variant
   */
  static Engagement of(Collection<Row> rows, SortedMap<String, SortedMap<String, Long>> sent) {
    SortedMap<String, ChannelEngagement> channels = new TreeMap<>();
    sent.forEach((channel, variants) -> {
      List<Row> its = rows.stream().filter(row -> row.channel().equals(channel)).toList();
      SortedMap<String, EngagementPart> parts = new TreeMap<>();
      variants.forEach((variant, count) ->
          parts.put(
              variant,
              EngagementPart.of(
                  its.stream().filter(row -> row.variant().equals(variant)).toList(), count)));
      channels.put(channel, new ChannelEngagement(EngagementPart.of(its, sum(variants)), parts));
    });
    long all = sent.values().stream().mapToLong(Engagement::sum).sum();
    return new Engagement(EngagementPart.of(rows, all), channels);
  }

  private static long sum(SortedMap<String, Long> variants) {
    return variants.values().stream().mapToLong(Long::longValue).sum();
  }
}
