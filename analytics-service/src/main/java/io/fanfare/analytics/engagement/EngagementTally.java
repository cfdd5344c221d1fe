package io.fanfare.analytics.engagement;

import io.fanfare.analytics.engagement.RecipientEngagement.Admission;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a batch of events changes: the differences of the figures of every recipient in it, and what
 * of him is to be remembered. Rows come sorted, so that all transactions lock the rows of the
 * figures in the same order.
 */
final class EngagementTally {

  private static final int MAX_TARGET = 2_000;

  /** Whose figures. */
  record Subject(UUID tenantId, UUID broadcastId, String channel) {}

  /** A row of a roll-up and its change. */
  record Row<F extends Figure>(Subject subject, F figure, Sum sum) {}

  /** What is to be remembered of a recipient. */
  record Kept(Recipient recipient, RecipientEvent event) {}

  /** A link of a variant of a broadcast on a channel. */
  record Link(UUID broadcastId, String channel, String variant, int number)
      implements Comparable<Link> {

    private static final Comparator<Link> ORDER =
        Comparator.comparing(Link::broadcastId)
            .thenComparing(Link::channel)
            .thenComparing(Link::variant)
            .thenComparing(Link::number);

    @Override
    public int compareTo(Link other) {
      return ORDER.compare(this, other);
    }
  }

  private static final Comparator<Row<?>> BY_SUBJECT =
      Comparator.<Row<?>, UUID>comparing(row -> row.subject().broadcastId())
          .thenComparing(row -> row.subject().channel())
          .thenComparing(row -> row.subject().tenantId());

  private final Map<Subject, Map<Figure, Sum>> changes = new HashMap<>();
  private final SortedMap<Link, String> targets = new TreeMap<>();
  private final List<Kept> kept = new ArrayList<>();

  private EngagementTally() {}

  /**
   * The tally of some events.
   *
   * @param events in the order in which they were written
   * @param known what is remembered of their recipients
   */
  static EngagementTally of(
      List<EngagementEvent> events, Map<Recipient, ? extends Collection<RecipientEvent>> known) {
    EngagementTally tally = new EngagementTally();
    Map<Recipient, List<EngagementEvent>> arrived = new LinkedHashMap<>();
    for (EngagementEvent event : events) {
      arrived.computeIfAbsent(Recipient.of(event), key -> new ArrayList<>()).add(event);
      tally.addTarget(event);
    }
    arrived.forEach((recipient, its) -> {
      Collection<RecipientEvent> before = known.get(recipient);
      tally.add(recipient, its, before == null ? List.of() : before);
    });
    return tally;
  }

  private void add(
      Recipient recipient, List<EngagementEvent> arrived, Collection<RecipientEvent> known) {
    Admission admission =
        RecipientEngagement.admit(known, arrived.stream().map(RecipientEvent::of).toList());
    Subject subject =
        new Subject(arrived.getFirst().tenantId(), recipient.broadcastId(), recipient.channel());
    Map<Figure, Sum> changed = changes.computeIfAbsent(subject, key -> new HashMap<>());
    if (!admission.kept().isEmpty()) {
      List<RecipientEvent> after = new ArrayList<>(known);
      after.addAll(admission.kept());
      RecipientEngagement.figures(known)
          .forEach((figure, sum) -> changed.merge(figure, sum.negated(), Sum::plus));
      RecipientEngagement.figures(after)
          .forEach((figure, sum) -> changed.merge(figure, sum, Sum::plus));
      admission.kept().forEach(event -> kept.add(new Kept(recipient, event)));
    }
    for (RecipientEvent event : admission.beyond()) {
      RecipientEngagement.figuresBeyond(event)
          .forEach((figure, sum) -> changed.merge(figure, sum, Sum::plus));
    }
  }

  private void addTarget(EngagementEvent event) {
    String target = event.target();
    if (event.kind() == Kind.CLICKED && target != null) {
      targets.merge(
          new Link(
              event.broadcastId(),
              event.channel().name(),
              event.variant(),
              RecipientEvent.of(event).link()),
          target.length() <= MAX_TARGET ? target : target.substring(0, MAX_TARGET),
          // Any will do, if it is the same in whatever order they come.
          (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }
  }

  /** The rows of a roll-up that change, in the order in which to lock them. */
  <F extends Figure> List<Row<F>> rows(Class<F> type, Comparator<F> order) {
    List<Row<F>> rows = new ArrayList<>();
    changes.forEach((subject, changed) ->
        changed.forEach((figure, sum) -> {
          if (type.isInstance(figure) && !sum.isZero()) {
            rows.add(new Row<>(subject, type.cast(figure), sum));
          }
        }));
    Comparator<Row<F>> byFigure = Comparator.comparing(Row::figure, order);
    Comparator<Row<F>> bySubject = BY_SUBJECT::compare;
    rows.sort(bySubject.thenComparing(byFigure));
    return rows;
  }

  /** The target of every link that was clicked. */
  SortedMap<Link, String> targets() {
    return targets;
  }

  List<Kept> kept() {
    return kept;
  }
}
