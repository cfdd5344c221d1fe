package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.Behaviour;
import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known of one contact, as far as filters can ask for it.
 *
 * @param texts the text fields that have a value
 * @param custom an object; numbers exact
 * @param optedOut names of channels, {@code *} for every channel
 * @param done what was done with messages of broadcasts
 * @param lastDone when the contact last opened, clicked or replied, as far as it ever did
 */
public record ContactFacts(
    long id,
    @Nullable Long telegramChatId,
    Map<ContactField, String> texts,
    Set<String> roles,
    Set<String> tags,
    JsonNode custom,
    Instant createdAt,
    Instant updatedAt,
    Set<UUID> lists,
    Set<String> optedOut,
    List<Done> done,
    Map<Behaviour, Instant> lastDone) {

  /**
   * What was done with the message of one broadcast on one channel.
   *
   * @param what when each was done first
   * @param links numbers of the links that were clicked
   */
  public record Done(
      UUID broadcastId, Channel channel, Map<Behaviour, Instant> what, Set<Integer> links) {}

  @Nullable String text(ContactField field) {
    return texts.get(field);
  }
}
