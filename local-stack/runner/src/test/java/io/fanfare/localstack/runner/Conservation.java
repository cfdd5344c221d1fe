package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Every recipient is in exactly one place. <i>In flight</i> is what remains, so the sum alone could
 * never be wrong: it must also stay between 0 and what may be outstanding.
 */
final class Conservation {

  private static final List<String> BUCKETS =
      List.of(
          "pending",
          "in_flight",
          "retrying",
          "sent",
          "failed",
          "dead",
          "in_doubt",
          "skipped",
          "cancelled");

  private Conservation() {}

  /** Checks a reading of progress, as a whole and channel by channel. */
  static void check(JsonNode progress) {
    Stream.concat(
            Stream.of(progress),
            progress.get("channels").properties().stream().map(channel -> channel.getValue()))
        .forEach(part -> {
          long sum = BUCKETS.stream().mapToLong(bucket -> part.get(bucket).asLong()).sum();
          assertThat(sum).as("recipients in %s", part).isEqualTo(part.get("planned").asLong());
          for (String bucket : BUCKETS) {
            assertThat(part.get(bucket).asLong()).as("%s in %s", bucket, part).isNotNegative();
          }
        });
    progress
        .get("look_ahead")
        .properties()
        .forEach(bound ->
            assertThat(progress.get("channels").get(bound.getKey()).get("in_flight").asLong())
                .as("%s in flight in %s", bound.getKey(), progress)
                .isLessThanOrEqualTo(bound.getValue().asLong()));
    if (progress.get("state").asString().equals("completed")) {
      checkEnd(progress);
    }
  }

  /** Once nothing is to come any more, nothing may be left between the start and the ends. */
  static void checkEnd(JsonNode progress) {
    for (String open : List.of("pending", "in_flight", "retrying")) {
      assertThat(progress.get(open).asLong()).as("%s at the end of %s", open, progress).isZero();
    }
  }
}
