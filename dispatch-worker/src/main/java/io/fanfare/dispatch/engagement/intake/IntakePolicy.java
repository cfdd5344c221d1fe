package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.support.problem.FieldProblem;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a reported event, and which event a right one becomes. */
final class IntakePolicy {

  static final int MOST_ID_CHARACTERS = 100;
  static final int VALUE_DIGITS = 15;
  static final int VALUE_SCALE = 6;

  /** How far clocks of others may be ahead of ours, or behind it. */
  static final Duration SKEW = Duration.ofMinutes(5);

  /** Analytics count what is at most 100 days old, by days, when it is written. */
  static final Duration OLDEST = Duration.ofDays(99);

  private static final Set<Kind> REPORTED =
      EnumSet.of(Kind.BOUNCED, Kind.COMPLAINED, Kind.REPLIED, Kind.CUSTOM);
  private static final Set<String> BOUNCES = Set.of("hard", "soft");

  private IntakePolicy() {}

  /**
   * What is wrong with an event by itself.
   *
   * @param at where the event is in the request, a JSON pointer
   */
  static List<FieldProblem> problems(ReportedEvent event, String at, Instant now) {
    List<FieldProblem> problems = new ArrayList<>();
    if (event.contactId() == null) {
      problems.add(new FieldProblem(at + "/contact_id", "is missing"));
    }
    if (event.channel() == null) {
      problems.add(new FieldProblem(at + "/channel", "is missing"));
    }
    String id = event.eventId();
    if (id == null || id.isEmpty() || id.length() > MOST_ID_CHARACTERS) {
      problems.add(
          new FieldProblem(at + "/event_id", "has 1 to " + MOST_ID_CHARACTERS + " characters"));
    }
    if (event.kind() == null || !REPORTED.contains(event.kind())) {
      problems.add(new FieldProblem(at + "/kind", "is bounced, complained, replied or custom"));
    } else {
      add(problems, at + "/name", nameProblem(event.kind(), event.name()));
      add(problems, at + "/value", valueProblem(event.kind(), event.value()));
    }
    add(problems, at + "/at", timeProblem(event.at(), now));
    return problems;
  }

  private static void add(List<FieldProblem> problems, String pointer, @Nullable String detail) {
    if (detail != null) {
      problems.add(new FieldProblem(pointer, detail));
    }
  }

  private static @Nullable String nameProblem(Kind kind, @Nullable String name) {
    if (kind == Kind.BOUNCED) {
      return name != null && BOUNCES.contains(name) ? null : "is hard or soft";
    }
    if (kind == Kind.CUSTOM) {
      return name != null && EngagementReported.CUSTOM_NAME.matcher(name).matches()
          ? null
          : "has 1 to 100 letters, digits, _, ., : and -, and begins with a letter or digit";
    }
    return name == null ? null : "goes with bounced and custom alone";
  }

  private static @Nullable String valueProblem(Kind kind, @Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    if (kind != Kind.CUSTOM) {
      return "goes with custom alone";
    }
    BigDecimal plain = value.stripTrailingZeros();
    return (long) plain.precision() - plain.scale() <= VALUE_DIGITS && plain.scale() <= VALUE_SCALE
        ? null
        : "has at most "
            + VALUE_DIGITS
            + " digits before the point and "
            + VALUE_SCALE
            + " after it";
  }

  private static @Nullable String timeProblem(@Nullable Instant at, Instant now) {
    if (at == null) {
      return null;
    }
    if (at.isAfter(now.plus(SKEW))) {
      return "is in the future";
    }
    return at.isBefore(now.minus(OLDEST)) ? "is more than " + OLDEST.toDays() + " days ago" : null;
  }

  /**
   * What is wrong with an event beside the message it is about; null for nothing.
   *
   * @param sent null where nothing was sent to the contact on the channel
   */
  static @Nullable FieldProblem problem(
      ReportedEvent event, @Nullable SentMessage sent, String at) {
    if (sent == null) {
      return new FieldProblem(
          at + "/contact_id", "nothing of this broadcast was sent to this contact on this channel");
    }
    if (event.at() != null && event.at().isBefore(sent.claimedAt().minus(SKEW))) {
      return new FieldProblem(at + "/at", "is before anything was sent to this contact");
    }
    return null;
  }

  /** The event that a reported one without problems becomes. */
  static EngagementEvent event(
      FiledBroadcast broadcast, ReportedEvent event, SentMessage sent, Instant now) {
    if (event.contactId() == null
        || event.channel() == null
        || event.kind() == null
        || event.eventId() == null) {
      throw new IllegalArgumentException("an event with problems: " + event);
    }
    return new EngagementEvent(
        EngagementReported.idOf(broadcast.tenantId(), broadcast.broadcastId(), event.eventId()),
        event.kind(),
        broadcast.tenantId(),
        broadcast.broadcastId(),
        event.contactId(),
        event.channel(),
        sent.variant(),
        null,
        null,
        event.name(),
        plain(event.value()),
        event.at() == null ? now : event.at(),
        sent.claimedAt().truncatedTo(ChronoUnit.SECONDS),
        null,
        null,
        sent.segment());
  }

  /** Without an exponent: readers need not know how to bound one. */
  private static @Nullable BigDecimal plain(@Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
