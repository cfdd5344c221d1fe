package io.fanfare.dispatch.engagement.bounce;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds and times of mailboxes that are looked into for bounces.
 *
 * @param maxMailboxes mailboxes one worker looks into; 0 for none. Further ones are left to others
 * @param visits how many of them at once, each with a mail in memory
 * @param poll how long a mailbox is left alone after a visit
 * @param visit how long a visit may take; what is left waits for the next one
 * @param lease how long a worker that is gone keeps a mailbox
 * @param renew how often leases are renewed and free mailboxes are looked for
 * @param connectTimeout for the connection and, once more, for the handshake on it
 * @param replyTimeout for what a server sends next
 * @param mostBackOff how long a mailbox that cannot be looked into is left alone at most
 */
@ConfigurationProperties("fanfare.bounces")
record BounceSettings(
    @DefaultValue("200") int maxMailboxes,
    @DefaultValue("8") int visits,
    @DefaultValue("60s") Duration poll,
    @DefaultValue("2m") Duration visit,
    @DefaultValue("60s") Duration lease,
    @DefaultValue("5s") Duration renew,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("30s") Duration replyTimeout,
    @DefaultValue("1h") Duration mostBackOff) {

  BounceSettings {
    if (maxMailboxes < 0
        || visits < 1
        || poll.toMillis() < 10
        || renew.toMillis() < 10
        || visit.isNegative()
        || lease.compareTo(renew.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "max-mailboxes >= 0, visits >= 1, poll and renew >= 10 ms, lease >= 2 renew");
    }
  }
}
