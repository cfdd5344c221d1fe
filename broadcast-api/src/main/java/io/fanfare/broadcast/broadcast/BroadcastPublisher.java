package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.broadcast.BroadcastLifecycle.Change;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.support.Ids;
import io.fanfare.support.outbox.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Says what happens to broadcasts, in the transaction in which it happens. */
@Component
class BroadcastPublisher {

  private final Outbox outbox;
  private final ContentKeyRepository keys;

  BroadcastPublisher(Outbox outbox, ContentKeyRepository keys) {
    this.outbox = outbox;
    this.keys = keys;
  }

  /** Published before the control that lets the broadcast run: nobody waits for content then. */
  void contents(List<BroadcastContent> contents) {
    for (BroadcastContent content : contents) {
      keys.insert(content.broadcastId(), content.key());
      outbox.publish(Topics.BROADCAST_CONTENT, content.key(), content);
    }
  }

  /** Ends what the compacted topics hold of a broadcast: everybody who starts would read it. */
  void forget(UUID broadcastId) {
    for (String key : keys.of(broadcastId)) {
      outbox.tombstone(Topics.BROADCAST_CONTENT, key);
    }
    keys.delete(broadcastId);
    outbox.tombstone(Topics.BROADCAST_CONTROL, broadcastId.toString());
  }

  void control(Broadcast broadcast, BroadcastRun run) {
    outbox.publish(Topics.BROADCAST_CONTROL, broadcast.id().toString(), controlOf(broadcast, run));
  }

  /** What the other services are told of a broadcast. */
  static BroadcastControl controlOf(Broadcast broadcast, BroadcastRun run) {
    BroadcastSettings settings = broadcast.settings();
    return new BroadcastControl(
        broadcast.id(),
        broadcast.tenantId(),
        settings.name(),
        run.epoch(),
        broadcast.state(),
        settings.audience().onlyList(),
        run.plans(),
        settings.policy(),
        SendClass.BULK,
        run.ledgerDay(),
        run.retryDelays(),
        settings.variables(),
        run.startedAt(),
        settings.ratePerMinute() == 0 ? null : settings.ratePerMinute(),
        settings.channelMode() == ChannelMode.ALL ? null : settings.channelMode(),
        settings.test(),
        run.winner(),
        settings.audience().contract(),
        settings.category(),
        settings.sendTime() == null ? null : settings.sendTime().contract());
  }

  void lifecycle(Broadcast broadcast, Change change, String actor, Instant at) {
    outbox.publish(
        Topics.BROADCAST_LIFECYCLE,
        broadcast.id().toString(),
        new BroadcastLifecycle(
            Ids.next(),
            change,
            broadcast.id(),
            broadcast.tenantId(),
            broadcast.settings().name(),
            broadcast.state(),
            broadcast.version(),
            broadcast.channels(),
            broadcast.scheduledAt(),
            broadcast.reason(),
            actor,
            at));
  }
}
