package io.fanfare.retry.undecodable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** The headers of a record, as they are kept and as they go out again. */
final class RecordHeaders {

  static final String REASON = "fanfare_reason";
  static final String ORIGIN = "fanfare_origin";

  /** How often the record was requeued; the only header that is ours and goes out again. */
  static final String REQUEUES = "fanfare_requeues";

  private static final Set<String> OURS = Set.of(REASON, ORIGIN, REQUEUES);

  private RecordHeaders() {}

  /** One header. */
  record Kept(String name, byte @Nullable [] value) {}

  /** The headers its producer gave it. */
  static List<Kept> original(Headers headers) {
    List<Kept> kept = new ArrayList<>();
    for (Header header : headers) {
      if (!OURS.contains(header.key())) {
        kept.add(new Kept(header.key(), header.value()));
      }
    }
    return kept;
  }

  /** The newest of that name, as text without NULs, which no text column takes. */
  static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8).replace('\u0000', '\ufffd');
  }

  /** How often the record was requeued so far. */
  static int requeues(Headers headers) {
    String text = text(headers, REQUEUES);
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  /** The headers for the next round. */
  static List<Header> outgoing(List<Kept> kept, int requeues) {
    List<Header> headers = new ArrayList<>();
    kept.forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
    byte[] count = Integer.toString(requeues).getBytes(StandardCharsets.UTF_8);
    headers.add(new RecordHeader(REQUEUES, count));
    return headers;
  }
}
