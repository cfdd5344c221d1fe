package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.engagement.bounce.BounceReport.Delivery;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads delivery reports (RFC 3464) and complaints (RFC 5965) in one pass over a message, within
 * bounds that hostile ones meet: size, depth, headers, lines. Bodies of no interest are not
 * decoded.
 */
final class ReportReader {

  /** The most bytes of a message. */
  static final int MOST_BYTES = 1_000_000;

  /** Parts within parts; a report has three. */
  static final int MOST_DEPTH = 10;

  static final int MOST_PARTS = 100;
  static final int MOST_TOKENS = 20;

  private static final MimeConfig BOUNDS =
      MimeConfig.custom()
          .setMaxLineLen(20_000)
          .setMaxHeaderLen(50_000)
          .setMaxHeaderCount(500)
          .setMaxContentLen(MOST_BYTES)
          .build();

  private static final Set<String> DELIVERY_STATUS =
      Set.of("message/delivery-status", "message/global-delivery-status");
  private static final String FEEDBACK = "message/feedback-report";
  private static final Set<String> HEADERS =
      Set.of("text/rfc822-headers", "message/global-headers", "text/rfc822-header");

  /** Where a mail server says for whom a report is, beside To. */
  private static final Set<String> ADDRESSED =
      Set.of("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to");

  /** Where a message that came back says where bounces go. */
  private static final Set<String> SENT_BY = Set.of("return-path", "x-envelope-from");

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\+([a-zA-Z2-7]{"
              + BounceTokens.LEAST_CHARACTERS
              + ","
              + BounceTokens.MOST_CHARACTERS
              + "})@");

  private final Set<String> addressed = new LinkedHashSet<>();
  private final Set<String> sentBy = new LinkedHashSet<>();
  private @Nullable List<Delivery> deliveries;
  private @Nullable String feedbackType;
  private int depth;
  private int messages;
  private int parts;

  private ReportReader() {}

  /**
   * Reads a message.
   *
   * @param recipient whom it was delivered to, as far as somebody knows; null for nobody
   * @throws ReportUnreadable when it is no report, or one beyond bounds
   */
  static BounceReport read(byte[] message, @Nullable String recipient) throws ReportUnreadable {
    if (message.length > MOST_BYTES) {
      throw new ReportUnreadable(
          ReportUnreadable.TOO_LARGE, "is longer than " + MOST_BYTES + " bytes");
    }
    ReportReader reader = new ReportReader();
    if (recipient != null) {
      collect(recipient, reader.addressed);
    }
    reader.read(message);
    return reader.report();
  }

  private BounceReport report() throws ReportUnreadable {
    if (deliveries == null && feedbackType == null) {
      throw new ReportUnreadable("no_report", "has no part that is a report");
    }
    Set<String> tokens = new LinkedHashSet<>(addressed);
    tokens.addAll(sentBy);
    return new BounceReport(
        deliveries == null ? List.of() : List.copyOf(deliveries),
        feedbackType,
        tokens.stream().limit(MOST_TOKENS).toList());
  }

  private void read(byte[] message) throws ReportUnreadable {
    MimeTokenStream stream = new MimeTokenStream(BOUNDS);
    stream.parse(new ByteArrayInputStream(message));
    try {
      for (EntityState state = stream.getState();
          state != EntityState.T_END_OF_STREAM;
          state = stream.next()) {
        take(state, stream);
      }
    } catch (MimeException | IOException | RuntimeException e) {
      // What follows the report itself, the message that came back, is often cut off.
      if (deliveries == null && feedbackType == null) {
        throw new ReportUnreadable("unreadable", "cannot be read", e);
      }
    }
  }

  private void take(EntityState state, MimeTokenStream stream)
      throws IOException, ReportUnreadable {
    switch (state) {
      case T_START_MESSAGE -> {
        messages++;
        deeper();
      }
      case T_END_MESSAGE -> {
        messages--;
        depth--;
      }
      case T_START_MULTIPART -> deeper();
      case T_END_MULTIPART -> depth--;
      case T_START_BODYPART -> {
        if (++parts > MOST_PARTS) {
          throw new ReportUnreadable("unreadable", "has more than " + MOST_PARTS + " parts");
        }
      }
      case T_FIELD -> field(stream.getField());
      case T_BODY -> body(stream);
      default -> {
        // Preambles and the like say nothing.
      }
    }
  }

  private void deeper() throws ReportUnreadable {
    if (++depth > MOST_DEPTH) {
      throw new ReportUnreadable("unreadable", "has parts more than " + MOST_DEPTH + " deep");
    }
  }

  private void field(Field field) {
    String name = field.getName().toLowerCase(Locale.ROOT);
    if (messages == 1 && ADDRESSED.contains(name)) {
      collect(field.getBody(), addressed);
    } else if (messages == 2 && SENT_BY.contains(name)) {
      collect(field.getBody(), sentBy);
    }
  }

  private void body(MimeTokenStream stream) throws IOException {
    String type = String.valueOf(stream.getBodyDescriptor().getMimeType()).toLowerCase(Locale.ROOT);
    // A report within a message that came back is about another message.
    if (messages != 1) {
      return;
    }
    if (DELIVERY_STATUS.contains(type) && deliveries == null) {
      deliveries = deliveries(groups(stream));
    } else if (type.equals(FEEDBACK) && feedbackType == null) {
      feedback(groups(stream));
    } else if (HEADERS.contains(type)) {
      groups(stream).stream()
          .limit(1)
          .forEach(group -> SENT_BY.forEach(name -> collect(group.get(name), sentBy)));
    }
  }

  private static List<Map<String, String>> groups(MimeTokenStream stream) throws IOException {
    try (InputStream decoded = stream.getDecodedInputStream()) {
      return FieldGroups.read(decoded);
    }
  }

  /** The first group is about the message; what follows about each recipient. */
  private static List<Delivery> deliveries(List<Map<String, String>> groups) {
    List<Delivery> deliveries = new ArrayList<>();
    for (Map<String, String> group : groups) {
      String action = group.get("action");
      if (action != null) {
        deliveries.add(
            new Delivery(
                action.toLowerCase(Locale.ROOT),
                group.getOrDefault("status", ""),
                group.getOrDefault("diagnostic-code", ""),
                address(group.getOrDefault("final-recipient", ""))));
      }
    }
    return deliveries;
  }

  /** Behind the type of an address, as in {@code rfc822; ada@example.org}. */
  private static String address(String field) {
    return field.substring(field.indexOf(';') + 1).strip();
  }

  private void feedback(List<Map<String, String>> groups) {
    Map<String, String> group = groups.isEmpty() ? Map.of() : groups.getFirst();
    feedbackType = group.getOrDefault("feedback-type", "").toLowerCase(Locale.ROOT);
    collect(group.get("original-mail-from"), addressed);
  }

  private static void collect(@Nullable String text, Set<String> tokens) {
    if (text == null) {
      return;
    }
    Matcher matcher = TOKEN.matcher(text);
    while (tokens.size() < MOST_TOKENS && matcher.find()) {
      tokens.add(matcher.group(1));
    }
  }
}
