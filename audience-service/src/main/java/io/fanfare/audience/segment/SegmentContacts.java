package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.UnusableFilter;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Finds who is in a segment now, for whoever goes through them one by one. */
@Component
public class SegmentContacts {

  private final SegmentMembership membership;
  private final SegmentRepository segments;
  private final CountRepository counts;
  private final Clock clock;

  SegmentContacts(
      SegmentMembership membership,
      SegmentRepository segments,
      CountRepository counts,
      Clock clock) {
    this.membership = membership;
    this.segments = segments;
    this.counts = counts;
    this.clock = clock;
  }

  /**
   * The ids of its contacts in their order; eight bytes of memory for each.
   *
   * @throws ProblemException 404; 422 for one made of segments that are gone; 503 {@code
   *     segment_too_slow} and 429 {@code too_many_counts} as for a count
   */
  public long[] ids(UUID tenantId, UUID segmentId) {
    Segment segment =
        segments
            .find(tenantId, segmentId)
            .orElseThrow(() -> ProblemException.notFound("segment", segmentId));
    try {
      return counts.ids(
          tenantId,
          membership.condition(tenantId, membership.expanded(tenantId, segment), clock.instant()));
    } catch (UnusableFilter unusable) {
      throw ProblemException.invalid("segment_id", unusable.detail());
    }
  }
}
