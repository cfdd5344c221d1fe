package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Leaf;
import io.fanfare.audience.segment.filter.Filter.Not;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the filters of other segments where a filter names them; bounded in depth and size. */
public final class Expansion {

  /**
   * A segment as far as another needs it.
   *
   * @param filter as it is kept, other segments not looked up
   */
  public record Named(UUID id, String name, Filter filter) {}

  private final Function<UUID, @Nullable Named> lookup;
  private final Deque<Named> path = new ArrayDeque<>();
  private int leaves;

  private Expansion(Function<UUID, @Nullable Named> lookup) {
    this.lookup = lookup;
  }

  /**
   * A filter with every segment looked up.
   *
   * @throws UnusableFilter when one is unknown, is made of itself, or it all becomes too large
   */
  public static Filter of(Filter filter, Function<UUID, @Nullable Named> lookup) {
    return new Expansion(lookup).node(filter);
  }

  /** As {@link #of}, of the filter a segment has or is to have. */
  public static Filter of(Named segment, Function<UUID, @Nullable Named> lookup) {
    Expansion expansion = new Expansion(id -> id.equals(segment.id()) ? segment : lookup.apply(id));
    expansion.path.add(segment);
    return expansion.node(segment.filter());
  }

  private Filter node(Filter filter) {
    return switch (filter) {
      case All all -> new All(parts(all.parts()));
      case Any any -> new Any(parts(any.parts()));
      case Not not -> new Not(node(not.part()));
      case InSegment segment -> segment(segment.segmentId());
      case Leaf leaf -> {
        if (++leaves > FilterLimits.MAX_EXPANDED_LEAVES) {
          throw new UnusableFilter(
              "filter_too_large",
              "has more than %d leaves with those of its segments"
                  .formatted(FilterLimits.MAX_EXPANDED_LEAVES));
        }
        yield leaf;
      }
    };
  }

  private List<Filter> parts(List<Filter> parts) {
    return parts.stream().map(this::node).toList();
  }

  private Filter segment(UUID id) {
    Named segment = lookup.apply(id);
    if (segment == null) {
      throw new UnusableFilter("segment_not_found", "names a segment that is not there: " + id);
    }
    boolean cycle = path.stream().anyMatch(above -> above.id().equals(id));
    path.add(segment);
    if (cycle) {
      throw new UnusableFilter("segment_cycle", "is made of itself: " + pathTo(id));
    }
    if (path.size() > FilterLimits.MAX_SEGMENT_DEPTH) {
      throw new UnusableFilter(
          "filter_too_large",
          "has segments in each other more than %d deep".formatted(FilterLimits.MAX_SEGMENT_DEPTH));
    }
    Filter filter = node(segment.filter());
    path.removeLast();
    return new InSegment(id, filter);
  }

  private String pathTo(UUID id) {
    return path.stream()
        .dropWhile(segment -> !segment.id().equals(id))
        .map(segment -> "“" + segment.name() + "” (" + segment.id() + ")")
        .collect(Collectors.joining(" → "));
  }
}
