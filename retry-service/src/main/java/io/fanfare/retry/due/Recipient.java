package io.fanfare.retry.due;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.DeliveryEvent;
import java.util.Comparator;
import java.util.UUID;

/** One contact on one channel in one broadcast. */
public record Recipient(UUID broadcastId, long contactId, Channel channel)
    implements Comparable<Recipient> {

  private static final Comparator<Recipient> ORDER =
      Comparator.comparing(Recipient::broadcastId)
          .thenComparingLong(Recipient::contactId)
          .thenComparing(Recipient::channel);

  /** Whom an event is about. */
  public static Recipient of(DeliveryEvent event) {
    return new Recipient(event.broadcastId(), event.contactId(), event.channel());
  }

  @Override
  public int compareTo(Recipient other) {
    return ORDER.compare(this, other);
  }
}
