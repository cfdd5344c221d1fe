package io.fanfare.localstack.simulator.smtp;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.MarkerKey;
import io.fanfare.localstack.simulator.log.Markers;
import io.fanfare.localstack.simulator.log.ProviderLog;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a complete message and records it. A message is one: its first recipient with a
 * fault decides for all.
 */
final class Delivery {

  private final Faults faults;
  private final ProviderLog log;
  private final Markers markers = new Markers();
  private MarkerKey lastKey = new MarkerKey(Channel.EMAIL, "");

  Delivery(Faults faults, ProviderLog log) {
    this.faults = faults;
    this.log = log;
  }

  /**
   * @param reply null when the connection is to be closed without one
   */
  record Verdict(@Nullable String reply, boolean closes, int stallMillis) {}

  Verdict deliver(Envelope envelope, String account, MailData data) {
    var key = key(markers.ofMail(data.buffer(), data.length()));
    if (data.isTooLarge()) {
      return new Verdict("552 5.3.4 Message too large", false, 0);
    }
    var fate = fate(envelope, key.marker());
    envelope.recipients().forEach(recipient -> log.tried(key, fate));
    if (fate == Fate.ACCEPTED || fate == Fate.DROPPED_AFTER) {
      record(envelope, account, key, data);
    }
    int stall = stalls(envelope) ? faults.plan().stallMillis() : 0;
    return switch (fate) {
      case ACCEPTED -> new Verdict("250 2.0.0 Ok: taken", false, stall);
      case DEFERRED -> new Verdict("451 4.3.0 Try again later", false, stall);
      case FAILED -> new Verdict("421 4.3.2 Shutting down", true, stall);
      case DROPPED_BEFORE, DROPPED_AFTER -> new Verdict(null, true, stall);
      // Only when the plan changed after RCPT.
      case REFUSED, UNKNOWN -> new Verdict("550 5.1.1 User unknown", false, stall);
    };
  }

  private Fate fate(Envelope envelope, String marker) {
    for (var recipient : envelope.recipients()) {
      var fate = faults.nextTry(recipient, marker);
      if (fate != Fate.ACCEPTED) {
        return fate;
      }
    }
    return Fate.ACCEPTED;
  }

  private boolean stalls(Envelope envelope) {
    return envelope.recipients().stream().anyMatch(faults.plan()::stalls);
  }

  private void record(Envelope envelope, String account, MarkerKey key, MailData data) {
    var content = log.keepsMessages() ? data.copy() : null;
    for (var recipient : envelope.recipients()) {
      log.accept(key, recipient, envelope.sender(), account, "message/rfc822", content);
    }
  }

  private MarkerKey key(String marker) {
    if (!lastKey.marker().equals(marker)) {
      lastKey = new MarkerKey(Channel.EMAIL, marker);
    }
    return lastKey;
  }
}
