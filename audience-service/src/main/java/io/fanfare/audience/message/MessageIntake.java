package io.fanfare.audience.message;

import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.message.MessageAccepted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes accepted messages pending recipients of their broadcasts, each once however often it is
 * told: a chunk per broadcast and lane and batch. The broadcast itself may be heard of later.
 */
@Component
class MessageIntake {

  /** The one content every recipient gets. */
  static final String VARIANT = "a";

  /** Where recipients go, in the order everybody locks it. */
  record Target(UUID broadcastId, Channel channel, Lane lane) {

    static final Comparator<Target> LOCK_ORDER =
        Comparator.comparing(Target::broadcastId)
            .thenComparing(Target::channel)
            .thenComparing(target -> target.lane().accountId())
            .thenComparing(target -> target.lane().shard());

    static Target of(MessageAccepted message) {
      return new Target(message.broadcastId(), message.channel(), message.lane());
    }
  }

  private final MessageRepository messages;
  private final RunRepository runs;
  private final TransactionOperations transaction;

  MessageIntake(MessageRepository messages, RunRepository runs, TransactionOperations transaction) {
    this.messages = messages;
    this.runs = runs;
    this.transaction = transaction;
  }

  void take(List<MessageAccepted> accepted) {
    transaction.executeWithoutResult(status -> {
      Map<Target, List<Long>> byTarget = new TreeMap<>(Target.LOCK_ORDER);
      for (MessageAccepted message : messages.keep(accepted)) {
        byTarget
            .computeIfAbsent(Target.of(message), any -> new ArrayList<>())
            .add(message.contactId());
      }
      if (byTarget.isEmpty()) {
        return;
      }
      byTarget.keySet().forEach(messages::addLane);
      // One that ended meanwhile is to end these as well: whoever closes it holds its row.
      TreeSet<UUID> broadcasts = new TreeSet<>();
      byTarget.keySet().forEach(target -> broadcasts.add(target.broadcastId()));
      runs.reopen(broadcasts);
      byTarget.forEach((target, contacts) ->
          messages.addChunk(target, contacts.stream().mapToLong(Long::longValue).toArray()));
      byTarget.forEach((target, contacts) -> messages.addPlanned(target, contacts.size()));
    });
  }
}
