package io.fanfare.model;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.model.World.Row;
import java.util.UUID;

/** The events that tell of the ledger's rows. */
final class Events {

  private static final UUID ID = new UUID(4, 4);
  private static final Cause CAUSE = new Cause("cause", "of the model", null);

  private Events() {}

  static DeliveryEvent of(Row row, int issue) {
    Outcome outcome = row.outcome();
    if (outcome == null) {
      throw new IllegalStateException("no result yet");
    }
    return new DeliveryEvent(
        ID,
        outcome,
        Command.TENANT,
        Command.BROADCAST,
        1,
        Command.CHANNEL,
        issue,
        row.attempt(),
        row.bucket(),
        Command.DAY,
        Command.LANE,
        "default",
        Command.RELEASED,
        outcome == Outcome.SENT ? null : CAUSE,
        outcome == Outcome.RATE_LIMITED ? Command.RELEASED.plusSeconds(1) : null,
        null);
  }

  static int issue(int slot) {
    return slot % World.ISSUES;
  }
}
