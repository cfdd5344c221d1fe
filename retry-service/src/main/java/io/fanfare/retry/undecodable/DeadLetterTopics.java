package io.fanfare.retry.undecodable;

import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import java.util.HashMap;
import java.util.Map;

/** Which topic and which consumer group a dead-letter topic belongs to. */
final class DeadLetterTopics {

  /** Where its records come from. */
  record Source(Topic topic, String group) {}

  private static final Map<String, Source> SOURCES = sources();

  private DeadLetterTopics() {}

  /**
   * The source of a dead-letter topic.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Source of(String deadLetterTopic) {
    Source source = SOURCES.get(deadLetterTopic);
    if (source == null) {
      throw new IllegalArgumentException(deadLetterTopic + " is no dead-letter topic");
    }
    return source;
  }

  private static Map<String, Source> sources() {
    Map<String, Source> sources = new HashMap<>();
    for (Topic topic : Topics.all()) {
      for (String group : topic.consumers()) {
        sources.put(topic.deadLetterTopic(group), new Source(topic, group));
      }
    }
    return Map.copyOf(sources);
  }
}
