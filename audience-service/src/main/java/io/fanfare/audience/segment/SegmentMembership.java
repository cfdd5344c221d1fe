package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.Expansion;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.UnusableFilter;
import io.fanfare.audience.segment.sql.FilterSql;
import io.fanfare.audience.segment.sql.Sql;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The contacts of a segment or filter as a query of their ids, to be used in other queries. What
 * other segments it is made of is read when it is asked for, in the transaction of whoever asks.
 */
@Component
public class SegmentMembership {

  private final SegmentRepository segments;

  SegmentMembership(SegmentRepository segments) {
    this.segments = segments;
  }

  /**
   * The ids of a segment's contacts; empty when the tenant has no such segment.
   *
   * @param now what relative dates are counted from
   * @throws UnusableFilter when it is made of segments that are not there
   */
  public Optional<Sql> contactIds(UUID tenantId, UUID segmentId, Instant now) {
    return segments
        .find(tenantId, segmentId)
        .map(segment -> contactIds(tenantId, expanded(tenantId, segment), now));
  }

  /**
   * The ids of the contacts a filter matches: {@code select c.id from contact c where …}.
   *
   * @throws UnusableFilter when it names segments that are not there, or becomes too large
   */
  public Sql contactIds(UUID tenantId, Filter filter, Instant now) {
    Sql condition = condition(tenantId, filter, now);
    return new Sql(
        "select c.id from contact c where c.tenant_id = ? and " + condition.text(),
        Stream.concat(Stream.of((Object) tenantId), condition.parameters().stream()).toList());
  }

  /** The filter alone, as a condition on a row {@code c} of {@code contact}. */
  Sql condition(UUID tenantId, Filter filter, Instant now) {
    return FilterSql.condition(tenantId, expanded(tenantId, filter), now);
  }

  Filter expanded(UUID tenantId, Segment segment) {
    return Expansion.of(SegmentRepository.named(segment), id -> segments.findFilter(tenantId, id));
  }

  Filter expanded(UUID tenantId, Filter filter) {
    return Expansion.of(filter, id -> segments.findFilter(tenantId, id));
  }
}
