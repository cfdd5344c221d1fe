package io.fanfare.analytics.delivery;

import io.fanfare.analytics.audience.Segments;
import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a batch of events adds to the figures. Every map is sorted, so that all transactions lock
 * the rows of the figures in the same order.
 */
final class DeliveryTally {

  private static final int MAX_CODE = 100;

  /** Whose figures: one variant of one broadcast on one channel. */
  record Subject(UUID tenantId, UUID broadcastId, Channel channel, String variant)
      implements Comparable<Subject> {

    private static final Comparator<Subject> ORDER =
        Comparator.comparing(Subject::broadcastId)
            .thenComparing(Subject::channel)
            .thenComparing(Subject::variant)
            .thenComparing(Subject::tenantId);

    @Override
    public int compareTo(Subject other) {
      return ORDER.compare(this, other);
    }
  }

  /** Moves between the buckets, and when the first and the last event happened. */
  record Moves(Counts counts, Instant firstAt, Instant lastAt) {

    Moves plus(Moves other) {
      return new Moves(
          counts.plus(other.counts),
          firstAt.isBefore(other.firstAt) ? firstAt : other.firstAt,
          lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
    }
  }

  /** A part of the audience of a subject. */
  record Segment(Subject subject, int number) implements Comparable<Segment> {

    @Override
    public int compareTo(Segment other) {
      int bySubject = subject.compareTo(other.subject);
      return bySubject != 0 ? bySubject : Integer.compare(number, other.number);
    }
  }

  /** A count within a subject: of an outcome or of a cause's code. */
  record Part(Subject subject, String name) implements Comparable<Part> {

    @Override
    public int compareTo(Part other) {
      int bySubject = subject.compareTo(other.subject);
      return bySubject != 0 ? bySubject : name.compareTo(other.name);
    }
  }

  /** A point of the time series. */
  record Minute(UUID broadcastId, Instant minute, Channel channel, Outcome outcome)
      implements Comparable<Minute> {

    private static final Comparator<Minute> ORDER =
        Comparator.comparing(Minute::broadcastId)
            .thenComparing(Minute::minute)
            .thenComparing(Minute::channel)
            .thenComparing(Minute::outcome);

    @Override
    public int compareTo(Minute other) {
      return ORDER.compare(this, other);
    }
  }

  private final SortedMap<Subject, Moves> moves = new TreeMap<>();
  private final SortedMap<Segment, Counts> segments = new TreeMap<>();
  private final SortedMap<Part, Long> outcomes = new TreeMap<>();
  private final SortedMap<Part, Long> causes = new TreeMap<>();
  private final SortedMap<Minute, Long> minutes = new TreeMap<>();

  private DeliveryTally() {}

  /** The tally of some events, each of which is counted. */
  static DeliveryTally of(Iterable<DeliveryEvent> events) {
    DeliveryTally tally = new DeliveryTally();
    events.forEach(tally::add);
    return tally;
  }

  private void add(DeliveryEvent event) {
    Subject subject =
        new Subject(event.tenantId(), event.broadcastId(), event.channel(), event.variant());
    Counts move = Counts.ZERO.afterMove(event.bucketBefore(), event.bucketAfter());
    moves.merge(subject, new Moves(move, event.at(), event.at()), Moves::plus);
    segments.merge(new Segment(subject, Segments.number(event.segment())), move, Counts::plus);
    outcomes.merge(new Part(subject, event.outcome().id()), 1L, Long::sum);
    Cause cause = event.cause();
    if (cause != null) {
      causes.merge(new Part(subject, bounded(cause.code())), 1L, Long::sum);
    }
    Instant minute = event.at().truncatedTo(ChronoUnit.MINUTES);
    minutes.merge(
        new Minute(event.broadcastId(), minute, event.channel(), event.outcome()), 1L, Long::sum);
  }

  // The codes are ours, but a figure must not grow a row of any length from one event.
  private static String bounded(String code) {
    return code.length() <= MAX_CODE ? code : code.substring(0, MAX_CODE);
  }

  SortedMap<Subject, Moves> moves() {
    return moves;
  }

  SortedMap<Segment, Counts> segments() {
    return segments;
  }

  SortedMap<Part, Long> outcomes() {
    return outcomes;
  }

  SortedMap<Part, Long> causes() {
    return causes;
  }

  SortedMap<Minute, Long> minutes() {
    return minutes;
  }
}
