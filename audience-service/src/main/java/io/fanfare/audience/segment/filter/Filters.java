package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Leaf;
import io.fanfare.audience.segment.filter.Filter.Not;
import java.util.stream.Stream;

/** What can be said of a filter without looking at contacts. */
public final class Filters {

  private Filters() {}

  /** Every node, the filter itself first; segments in it as far as they are looked up. */
  public static Stream<Filter> nodes(Filter filter) {
    Stream<Filter> below =
        switch (filter) {
          case All all -> all.parts().stream().flatMap(Filters::nodes);
          case Any any -> any.parts().stream().flatMap(Filters::nodes);
          case Not not -> nodes(not.part());
          case InSegment segment ->
              segment.filter() == null ? Stream.of() : nodes(segment.filter());
          case Leaf leaf -> Stream.of();
        };
    return Stream.concat(Stream.of(filter), below);
  }

  static int leaves(Filter filter) {
    return (int)
        nodes(filter).filter(node -> node instanceof Leaf || node instanceof InSegment).count();
  }
}
