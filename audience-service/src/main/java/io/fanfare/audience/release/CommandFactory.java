package io.fanfare.audience.release;

import io.fanfare.audience.release.Handover.Order;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the commands of a hand-over. */
final class CommandFactory {

  private CommandFactory() {}

  static List<SendMessage> commands(
      BroadcastRun run, Handover handover, Map<Long, Recipient> recipients, Instant now) {
    BroadcastControl control = run.control();
    Order order = handover.order();
    List<SendMessage> commands = new ArrayList<>(handover.contactIds().length);
    for (long contactId : handover.contactIds()) {
      Recipient recipient = recipients.getOrDefault(contactId, Recipient.GONE);
      commands.add(
          new SendMessage(
              control.tenantId(),
              control.broadcastId(),
              contactId,
              handover.channel(),
              order.issue(),
              order.attempt(),
              order.bucket(),
              order.granted(),
              control.ledgerDay(),
              handover.lane(),
              order.variant(),
              handover.controlEpoch(),
              recipient.address(),
              now,
              data(recipient),
              recipient.suppressed(),
              recipient.next() == null ? null : true,
              recipient.zone(),
              order.segment() == 0 ? null : order.segment()));
    }
    return commands;
  }

  private static Map<String, Object> data(Recipient recipient) {
    Map<String, Object> variables = recipient.variables();
    return variables == null
        ? Map.of("contact", recipient.contact())
        : Map.of("contact", recipient.contact(), "vars", variables);
  }
}
