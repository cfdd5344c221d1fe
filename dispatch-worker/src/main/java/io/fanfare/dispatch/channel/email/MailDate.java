package io.fanfare.dispatch.channel.email;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of a Date header (RFC 5322 §3.3), formatted once a second. */
final class MailDate {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Second(long epochSecond, byte[] text) {}

  private volatile Second last = new Second(Long.MIN_VALUE, new byte[0]);

  byte[] at(Instant now) {
    Second current = last;
    if (current.epochSecond() != now.getEpochSecond()) {
      current =
          new Second(now.getEpochSecond(), FORMAT.format(now).getBytes(StandardCharsets.US_ASCII));
      last = current;
    }
    return current.text();
  }
}
