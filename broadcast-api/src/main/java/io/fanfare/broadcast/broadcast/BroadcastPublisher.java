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
import org.springframework.stereotype.Component;

/** Says what happens to broadcasts, in the transaction in which it happens. */
@Component
class BroadcastPublisher {

  private final Outbox outbox;

  BroadcastPublisher(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Published before the control that lets the broadcast run: nobody waits for content then. */
  void contents(List<BroadcastContent> contents) {
    for (BroadcastContent content : contents) {
      outbox.publish(Topics.BROADCAST_CONTENT, content.key(), content);
    }
  }

  void control(Broadcast broadcast, BroadcastRun run) {
    BroadcastSettings settings = broadcast.settings();
    outbox.publish(
        Topics.BROADCAST_CONTROL,
        broadcast.id().toString(),
        new BroadcastControl(
            broadcast.id(),
            broadcast.tenantId(),
            settings.name(),
            run.epoch(),
            broadcast.state(),
            settings.listId(),
            run.plans(),
            settings.policy(),
            SendClass.BULK,
            run.ledgerDay(),
            run.retryDelays(),
            settings.variables(),
            run.startedAt(),
            settings.ratePerMinute() == 0 ? null : settings.ratePerMinute(),
            settings.channelMode() == ChannelMode.ALL ? null : settings.channelMode()));
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
