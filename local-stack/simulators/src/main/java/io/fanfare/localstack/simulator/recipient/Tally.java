package io.fanfare.localstack.simulator.recipient;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one broadcast and rule, and who acted already. */
final class Tally {

  final LongAdder delivered = new LongAdder();
  final LongAdder opened = new LongAdder();
  final LongAdder clicked = new LongAdder();
  final LongAdder replied = new LongAdder();
  final LongAdder machine = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder foreign = new LongAdder();
  final LongAdder pressed = new LongAdder();
  final Set<String> recipients = ConcurrentHashMap.newKeySet();

  RecipientReport.Figures figures(String marker, String rule) {
    return new RecipientReport.Figures(
        marker,
        rule,
        delivered.sum(),
        recipients.size(),
        opened.sum(),
        clicked.sum(),
        replied.sum(),
        machine.sum(),
        failed.sum(),
        foreign.sum(),
        pressed.sum());
  }
}
