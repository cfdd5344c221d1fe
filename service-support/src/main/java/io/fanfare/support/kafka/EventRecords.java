package io.fanfare.support.kafka;

import io.fanfare.contract.EventCodec;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads the envelope of records. */
public final class EventRecords {

  private EventRecords() {}

  /** The event type a record names; null when it names none. */
  public static @Nullable String typeOf(ConsumerRecord<?, ?> record) {
    Header header = record.headers().lastHeader(EventCodec.TYPE_HEADER);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
