package io.fanfare.dispatch.loop;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;

/** What a command is sent with. */
record Ready(
    BroadcastControl control,
    OpenedAccount account,
    ChannelSender sender,
    CompiledContent content) {

  /** Into how many lanes the account is split. */
  int shards() {
    return control.channels().stream()
        .filter(plan -> plan.accountId().equals(account.accountId()))
        .mapToInt(ChannelPlan::shards)
        .findFirst()
        .orElse(1);
  }
}
