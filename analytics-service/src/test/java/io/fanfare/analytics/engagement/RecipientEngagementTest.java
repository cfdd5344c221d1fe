package io.fanfare.analytics.engagement;

import static io.fanfare.analytics.EngagementHistory.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.EngagementHistory;
import io.fanfare.analytics.engagement.Figure.OfDay;
import io.fanfare.analytics.engagement.Figure.OfHour;
import io.fanfare.analytics.engagement.Figure.OfLink;
import io.fanfare.analytics.engagement.Figure.OfLinkHour;
import io.fanfare.analytics.engagement.Figure.OfPoint;
import io.fanfare.analytics.engagement.Figure.OfSegment;
import io.fanfare.analytics.engagement.Figure.OfWeekHour;
import io.fanfare.analytics.engagement.Figure.Step;
import io.fanfare.analytics.engagement.Figure.Total;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecipientEngagementTest {

  private final UUID broadcast = UUID.randomUUID();

  @Test
  void anyOrderInAnyBatchesComesToTheSameFigures() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var events = EngagementHistory.random(random, broadcast, 300);
    var expected = inBatches(events, events.size());
    assertThat(expected).isNotEmpty();
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(events, random);
      assertThat(inBatches(events, 1 + random.nextInt(200))).isEqualTo(expected);
    }
  }

  @Test
  void countsARecipientOnceForWhatHeDidTwice() {
    var figures =
        figures(
            event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMinutes(5)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofMinutes(9)));
    assertThat(total(figures, Kind.CLICKED, false)).isEqualTo("2 by 1");
    assertThat(count(figures, new OfLink("a", 1, false))).isEqualTo("1 by 1");
    assertThat(count(figures, new OfLink("a", 2, false))).isEqualTo("1 by 1");
    var start = event(broadcast, 1, Kind.CLICKED, 1, Duration.ZERO).at();
    assertThat(count(figures, minute(start.plusSeconds(300)))).isEqualTo("1 by 1");
    assertThat(count(figures, minute(start.plusSeconds(540)))).isEqualTo("1 by 0");
    assertThat(count(figures, new OfPoint(Kind.CLICKED, Step.HOUR, start, false)))
        .isEqualTo("2 by 1");
    assertThat(count(figures, new OfLinkHour("a", 2, start, false))).isEqualTo("1 by 0");
    assertThat(count(figures, new OfHour(Kind.CLICKED, start, 1, "a", false))).isEqualTo("2 by 1");
    assertThat(count(figures, new OfSegment(1, "a", Kind.CLICKED, "", false))).isEqualTo("2 by 1");
    assertThat(count(figures, new OfDay(Kind.CLICKED, 0, false))).isEqualTo("2 by 1");
  }

  private static OfPoint minute(Instant at) {
    return new OfPoint(Kind.CLICKED, Step.MINUTE, at, false);
  }

  @Test
  void threeLinksWithinThreeSecondsAreAScannersAndLaterClicksAreNot() {
    var figures =
        figures(
            event(broadcast, 1, Kind.OPENED, 0, Duration.ofMillis(9_000)),
            event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMillis(10_000)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofMillis(11_500)),
            event(broadcast, 1, Kind.CLICKED, 3, Duration.ofMillis(13_000)),
            event(broadcast, 1, Kind.OPENED, 0, Duration.ofHours(1)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofHours(1)));
    assertThat(total(figures, Kind.CLICKED, true)).isEqualTo("3 by 1");
    assertThat(total(figures, Kind.OPENED, true)).isEqualTo("1 by 1");
    assertThat(total(figures, Kind.CLICKED, false)).isEqualTo("1 by 1");
    assertThat(total(figures, Kind.OPENED, false)).isEqualTo("1 by 1");
  }

  @Test
  void neitherSlowerNorFewerLinksAreABurst() {
    var figures =
        figures(
            event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMillis(10_000)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofMillis(11_500)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofMillis(12_000)),
            event(broadcast, 1, Kind.CLICKED, 3, Duration.ofMillis(13_001)));
    assertThat(total(figures, Kind.CLICKED, false)).isEqualTo("4 by 1");
    assertThat(figures).doesNotContainKey(new Total("a", Kind.CLICKED, "", true));
  }

  @Test
  void sumsTheSquareOfEachRecipientsValue() {
    var figures = figures(custom("19.99"), custom("0.01"));
    var sum = figures.get(new Total("a", Kind.CUSTOM, "purchase", false));
    assertThat(sum.events()).isEqualTo(2);
    assertThat(sum.value()).isEqualByComparingTo("20");
    assertThat(sum.squares()).isEqualByComparingTo("400");
  }

  @Test
  void aPressCountsForItsButtonAndOnceForAllOfThem() {
    var figures = figures(named("more"), named("more"), named("less"), named(null));
    assertThat(total(figures, Kind.BUTTON, false)).isEqualTo("4 by 1");
    assertThat(count(figures, new Total("a", Kind.BUTTON, "more", false))).isEqualTo("2 by 1");
    assertThat(count(figures, new Total("a", Kind.BUTTON, "less", false))).isEqualTo("1 by 1");
    assertThat(RecipientEngagement.figuresBeyond(RecipientEvent.of(named("more"))))
        .containsEntry(new Total("a", Kind.BUTTON, "", false), Sum.EVENT)
        .containsEntry(new Total("a", Kind.BUTTON, "more", false), Sum.EVENT);
  }

  private EngagementEvent named(@Nullable String button) {
    return with(event(broadcast, 1, Kind.BUTTON, 0, Duration.ofHours(1)), button, null);
  }

  @Test
  void takesTheHourAndTheWeekdayOfWhereTheContactIs() {
    var late = event(broadcast, 1, Kind.OPENED, 0, Duration.ofHours(23));
    var local = late.at().atOffset(java.time.ZoneOffset.ofHours(2));
    assertThat(figures(late))
        .containsKey(new OfWeekHour(Kind.OPENED, local.getDayOfWeek().getValue(), 1, true, false));
  }

  @Test
  void aFloodIsCountedAndNotRemembered() {
    var openings = Collections.nCopies(RecipientEngagement.MAX_ALIKE + 10, 0);
    var admission =
        RecipientEngagement.admit(
            List.of(),
            openings.stream()
                .map(n -> event(broadcast, 1, Kind.OPENED, 0, Duration.ofHours(1)))
                .map(RecipientEvent::of)
                .toList());
    assertThat(admission.kept()).hasSize(RecipientEngagement.MAX_ALIKE);
    assertThat(admission.beyond()).hasSize(10);
    assertThat(
            RecipientEngagement.figuresBeyond(admission.beyond().getFirst())
                .get(new Total("a", Kind.OPENED, "", false)))
        .isEqualTo(Sum.EVENT);
  }

  @Test
  void aFloodOfDifferentLinksEndsAsWell() {
    var clicks = new ArrayList<RecipientEvent>();
    for (int link = 1; link <= RecipientEngagement.MAX_EVENTS + 5; link++) {
      clicks.add(
          RecipientEvent.of(event(broadcast, 1, Kind.CLICKED, link, Duration.ofMinutes(link))));
    }
    var admission = RecipientEngagement.admit(List.of(), clicks);
    assertThat(admission.kept()).hasSize(RecipientEngagement.MAX_EVENTS);
    assertThat(admission.beyond()).hasSize(5);
    assertThat(RecipientEngagement.admit(admission.kept(), clicks.subList(0, 10)).beyond())
        .isEmpty();
  }

  private EngagementEvent custom(String value) {
    var event = event(broadcast, 1, Kind.CUSTOM, 0, Duration.ofHours(1));
    return with(event, "purchase", new BigDecimal(value));
  }

  private static EngagementEvent with(
      EngagementEvent event, @Nullable String name, @Nullable BigDecimal value) {
    return new EngagementEvent(
        event.eventId(),
        event.kind(),
        event.tenantId(),
        event.broadcastId(),
        event.contactId(),
        event.channel(),
        event.variant(),
        null,
        null,
        name,
        value,
        event.at(),
        event.sentAt(),
        event.utcOffset(),
        null);
  }

  private static Map<Figure, Sum> figures(EngagementEvent... events) {
    return RecipientEngagement.figures(List.of(events).stream().map(RecipientEvent::of).toList());
  }

  private static String total(Map<Figure, Sum> figures, Kind kind, boolean machine) {
    return count(figures, new Total("a", kind, "", machine));
  }

  private static String count(Map<Figure, Sum> figures, Figure figure) {
    var sum = figures.get(figure);
    return sum.events() + " by " + sum.recipients();
  }

  /** The figures after batches of so many events, each of which remembers what the others kept. */
  private static Map<String, String> inBatches(List<EngagementEvent> events, int size) {
    var known = new HashMap<Recipient, List<RecipientEvent>>();
    var sums = new HashMap<String, Sum>();
    for (int from = 0; from < events.size(); from += size) {
      var batch = events.subList(from, Math.min(events.size(), from + size));
      var tally = EngagementTally.of(batch, known);
      tally
          .rows(Figure.class, (one, other) -> 0)
          .forEach(row -> sums.merge(row.subject() + " " + row.figure(), row.sum(), Sum::plus));
      tally
          .kept()
          .forEach(kept ->
              known.computeIfAbsent(kept.recipient(), key -> new ArrayList<>()).add(kept.event()));
    }
    var figures = new HashMap<String, String>();
    sums.forEach((figure, sum) -> {
      if (!sum.isZero()) {
        figures.put(
            figure,
            "%d %d %s %s"
                .formatted(
                    sum.events(),
                    sum.recipients(),
                    sum.value().stripTrailingZeros().toPlainString(),
                    sum.squares().stripTrailingZeros().toPlainString()));
      }
    });
    return figures;
  }
}
