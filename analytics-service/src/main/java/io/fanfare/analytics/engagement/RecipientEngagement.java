package io.fanfare.analytics.engagement;

import io.fanfare.analytics.engagement.Figure.OfDay;
import io.fanfare.analytics.engagement.Figure.OfHour;
import io.fanfare.analytics.engagement.Figure.OfLink;
import io.fanfare.analytics.engagement.Figure.OfLinkHour;
import io.fanfare.analytics.engagement.Figure.OfPoint;
import io.fanfare.analytics.engagement.Figure.OfSegment;
import io.fanfare.analytics.engagement.Figure.OfWeekHour;
import io.fanfare.analytics.engagement.Figure.Step;
import io.fanfare.analytics.engagement.Figure.Total;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one recipient of a message adds to the figures, from everything known of him: a function of
 * the set of his events, so that neither their order nor how they come in batches matters. He
 * counts once in each figure, when he did it first.
 *
 * <p>Clicks on three different links within three seconds are a scanner's, whatever each looked
 * like alone, and so are openings within three seconds of one of them. Clicks at other times stay
 * the human's: a scanner looks at a message when it comes, its recipient later. Two links are not
 * enough, since people do click twice; messages with fewer than three links have only the signs
 * that the request itself gave.
 *
 * <p>Of one recipient so many events are kept and no more: {@value #MAX_ALIKE} of a kind, link and
 * name, {@value #MAX_EVENTS} in all. Those beyond are counted as events, by what they say
 * themselves, and change nothing else: neither who did it at least once nor values. Which ones are
 * beyond is decided by the order in which they were written to the topic.
 */
final class RecipientEngagement {

  static final int MAX_EVENTS = 1_000;
  static final int MAX_ALIKE = 50;
  static final int BURST_LINKS = 3;
  static final Duration BURST = Duration.ofSeconds(3);

  /** Days after the message was made that cohorts can tell apart; what comes later has no day. */
  static final int MAX_DAYS = 400;

  private static final Comparator<RecipientEvent> FIRST_DONE =
      Comparator.comparing(RecipientEvent::at).thenComparing(RecipientEvent::id);

  private RecipientEngagement() {}

  /**
   * Which of a recipient's new events are kept.
   *
   * @param kept to be remembered, and part of the recipient from now on
   * @param beyond to be counted as events and forgotten
   */
  record Admission(List<RecipientEvent> kept, List<RecipientEvent> beyond) {}

  /**
   * Looks at new events in the order in which they were written.
   *
   * @param known what is remembered of the recipient; events that are among it are passed over
   */
  static Admission admit(Collection<RecipientEvent> known, List<RecipientEvent> arrived) {
    Set<UUID> ids = new HashSet<>();
    Map<Alike, Integer> alike = new HashMap<>();
    for (RecipientEvent event : known) {
      ids.add(event.id());
      alike.merge(Alike.of(event), 1, Integer::sum);
    }
    int size = known.size();
    List<RecipientEvent> kept = new ArrayList<>();
    List<RecipientEvent> beyond = new ArrayList<>();
    for (RecipientEvent event : arrived) {
      if (!ids.add(event.id())) {
        continue;
      }
      Alike likeness = Alike.of(event);
      if (size < MAX_EVENTS && alike.getOrDefault(likeness, 0) < MAX_ALIKE) {
        kept.add(event);
        size++;
        alike.merge(likeness, 1, Integer::sum);
      } else {
        beyond.add(event);
      }
    }
    return new Admission(kept, beyond);
  }

  /** What the recipient adds to the figures, all in all. */
  static Map<Figure, Sum> figures(Collection<RecipientEvent> events) {
    Map<Figure, Sum> figures = new HashMap<>();
    Map<Total, Sum> totals = new LinkedHashMap<>();
    Map<OfSegment, Sum> segments = new LinkedHashMap<>();
    Set<Done> done = new HashSet<>();
    Set<OfLink> links = new HashSet<>();
    List<RecipientEvent> inOrder = events.stream().sorted(FIRST_DONE).toList();
    List<Instant> bursts = burstClicks(inOrder);
    for (RecipientEvent event : inOrder) {
      boolean machine = event.machine() || isOfBurst(event, bursts);
      boolean first = done.add(new Done(event.variant(), event.kind(), machine));
      addEvent(figures, event, machine, first ? Sum.RECIPIENT : Sum.ZERO);
      Sum one = event.value() == null ? Sum.EVENT : Sum.valued(event.value());
      totalsOf(event, machine).forEach(total -> totals.merge(total, one, Sum::plus));
      segments.merge(segmentOf(event, machine), one, Sum::plus);
      if (event.kind() == Kind.CLICKED) {
        OfLink link = new OfLink(event.variant(), event.link(), machine);
        Sum click = links.add(link) ? Sum.EVENT.plus(Sum.RECIPIENT) : Sum.EVENT;
        figures.merge(link, click, Sum::plus);
      }
    }
    totals.forEach((total, sum) -> figures.put(total, sum.ofOneRecipient()));
    segments.forEach((segment, sum) -> figures.put(segment, sum.plus(Sum.RECIPIENT)));
    return figures;
  }

  /** What an event adds that is beyond what is kept of its recipient. */
  static Map<Figure, Sum> figuresBeyond(RecipientEvent event) {
    Map<Figure, Sum> figures = new HashMap<>();
    addEvent(figures, event, event.machine(), Sum.ZERO);
    totalsOf(event, event.machine()).forEach(total -> figures.put(total, Sum.EVENT));
    figures.put(segmentOf(event, event.machine()), Sum.EVENT);
    if (event.kind() == Kind.CLICKED) {
      figures.put(new OfLink(event.variant(), event.link(), event.machine()), Sum.EVENT);
    }
    return figures;
  }

  /** Adds an event to the figures by time, and the recipient where it is the first of its kind. */
  private static void addEvent(
      Map<Figure, Sum> figures, RecipientEvent event, boolean machine, Sum recipient) {
    Sum sum = Sum.EVENT.plus(recipient);
    for (Step step : Step.values()) {
      figures.merge(
          new OfPoint(event.kind(), step, step.begin(event.at()), machine), sum, Sum::plus);
    }
    Instant hour = Step.HOUR.begin(event.at());
    figures.merge(
        new OfHour(event.kind(), hour, event.segment(), event.variant(), machine), sum, Sum::plus);
    if (event.kind() == Kind.CLICKED) {
      figures.merge(new OfLinkHour(event.variant(), event.link(), hour, machine), sum, Sum::plus);
    }
    figures.merge(weekHour(event, machine), Sum.EVENT, Sum::plus);
    Integer day = dayOf(event);
    if (day != null) {
      figures.merge(new OfDay(event.kind(), day, machine), sum, Sum::plus);
    }
  }

  /** A press counts for its button, and once for all of them together. */
  private static List<Total> totalsOf(RecipientEvent event, boolean machine) {
    Total own = new Total(event.variant(), event.kind(), event.name(), machine);
    return event.kind() == Kind.BUTTON && !event.name().isEmpty()
        ? List.of(new Total(event.variant(), event.kind(), "", machine), own)
        : List.of(own);
  }

  /** Presses of all buttons together: which one it was is not counted by segment. */
  private static OfSegment segmentOf(RecipientEvent event, boolean machine) {
    String name = event.kind() == Kind.BUTTON ? "" : event.name();
    return new OfSegment(event.segment(), event.variant(), event.kind(), name, machine);
  }

  private static OfWeekHour weekHour(RecipientEvent event, boolean machine) {
    Integer offset = event.utcOffset();
    LocalDateTime local =
        LocalDateTime.ofInstant(event.at(), ZoneOffset.UTC)
            .plusMinutes(offset == null ? 0 : offset);
    return new OfWeekHour(
        event.kind(), local.getDayOfWeek().getValue(), local.getHour(), offset != null, machine);
  }

  private static @Nullable Integer dayOf(RecipientEvent event) {
    if (event.sentAt() == null) {
      return null;
    }
    // A clock may be behind another: what happened before the message was made was at once.
    long days = Math.max(0, Duration.between(event.sentAt(), event.at()).toDays());
    return days > MAX_DAYS ? null : (int) days;
  }

  /** When the clicks of bursts were, in order. */
  private static List<Instant> burstClicks(List<RecipientEvent> inOrder) {
    List<RecipientEvent> clicks =
        inOrder.stream().filter(event -> event.kind() == Kind.CLICKED).toList();
    List<Instant> bursts = new ArrayList<>();
    int counted = 0;
    for (int first = 0; first < clicks.size(); first++) {
      Instant end = clicks.get(first).at().plus(BURST);
      Set<Integer> links = new HashSet<>();
      int next = first;
      while (next < clicks.size() && !clicks.get(next).at().isAfter(end)) {
        links.add(clicks.get(next).link());
        next++;
      }
      if (links.size() >= BURST_LINKS) {
        for (counted = Math.max(counted, first); counted < next; counted++) {
          bursts.add(clicks.get(counted).at());
        }
      }
    }
    return bursts;
  }

  private static boolean isOfBurst(RecipientEvent event, List<Instant> bursts) {
    return switch (event.kind()) {
      case CLICKED -> bursts.contains(event.at());
      case OPENED ->
          bursts.stream()
              .anyMatch(click -> Duration.between(click, event.at()).abs().compareTo(BURST) <= 0);
      case REPLIED, BUTTON, BOUNCED, COMPLAINED, UNSUBSCRIBED, CUSTOM -> false;
    };
  }

  /** Events that a flood would be made of. */
  private record Alike(String variant, Kind kind, int link, String name, boolean machine) {
    static Alike of(RecipientEvent event) {
      return new Alike(event.variant(), event.kind(), event.link(), event.name(), event.machine());
    }
  }

  private record Done(String variant, Kind kind, boolean machine) {}
}
