package io.fanfare.contract;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code docs/TOPOLOGY.md} from {@link Topics}. */
public final class TopologyDocument {

  private TopologyDocument() {}

  /** The whole document, Markdown. */
  public static String markdown() {
    StringBuilder text =
        new StringBuilder(
            """
            # Topics

            Generated from `Topics` in `event-contract`; a test fails when the two differ.
            *hot* topics carry a record per recipient and have `FANFARE_TOPIC_PARTITIONS` partitions,
            the others four. A record's partition comes from its key, as Kafka's clients hash it; that
            of a command from its lane, so that the shards of an account lie apart. Every record names
            its event type in the `ce_type` header; topics with a CloudEvents envelope carry the other
            CloudEvents 1.0 attributes as `ce_` headers too. A consumer group puts what it cannot decode
            or handle into `<topic>.<group>.dlt`; a service without a group reads the whole topic in
            every instance.

            | topic | key | traffic | kept | envelope | event types | written by | read by |
            |---|---|---|---|---|---|---|---|
            """);
    for (Topic topic : Topics.all()) {
      text.append(
          "| `%s` | %s | %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  topic.name(),
                  topic.key(),
                  topic.traffic() == Topic.Traffic.PER_RECIPIENT ? "hot" : "quiet",
                  kept(topic.retention()),
                  topic.envelope() == Topic.Envelope.CLOUD_EVENTS ? "CloudEvents" : "type only",
                  code(topic.eventTypes()),
                  String.join(", ", topic.producers()),
                  topic.consumers().isEmpty() ? "anybody" : code(topic.consumers())));
    }
    return text.toString();
  }

  private static String kept(@Nullable Duration retention) {
    return retention == null ? "newest per key" : retention.toDays() + " days";
  }

  private static String code(List<String> names) {
    return "`" + String.join("` `", names) + "`";
  }
}
