package io.fanfare.audience.run;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.UUID;

/** A broadcast as its newest control says. */
public record BroadcastRun(BroadcastControl control) {

  public UUID broadcastId() {
    return control.broadcastId();
  }

  public UUID tenantId() {
    return control.tenantId();
  }

  public long epoch() {
    return control.epoch();
  }

  public BroadcastState state() {
    return control.state();
  }

  /**
   * The plan of one of its channels.
   *
   * @throws IllegalStateException when the broadcast does not use the channel
   */
  public ChannelPlan plan(Channel channel) {
    for (ChannelPlan plan : control.channels()) {
      if (plan.channel().equals(channel)) {
        return plan;
      }
    }
    throw new IllegalStateException(broadcastId() + " does not use " + channel);
  }
}
