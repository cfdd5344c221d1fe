package io.fanfare.audience.freeze;

import io.fanfare.audience.freeze.AudienceQuery.Part;
import io.fanfare.audience.segment.SegmentMembership;
import io.fanfare.audience.segment.filter.UnusableFilter;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The lists and segments of an audience, as they are in the running transaction. */
@Repository
class AudienceParts {

  /** A part of the audience cannot be used; nothing can be frozen. */
  static final class Unusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient StateReason reason;

    Unusable(String code, String detail) {
      super(detail);
      this.reason = new StateReason(code, detail);
    }

    StateReason reason() {
      return reason;
    }
  }

  private final JdbcTemplate jdbc;
  private final SegmentMembership segments;

  AudienceParts(JdbcTemplate jdbc, SegmentMembership segments) {
    this.jdbc = jdbc;
    this.segments = segments;
  }

  /**
   * Selects the contacts of a part.
   *
   * @param now what a segment's relative dates are counted from
   * @throws Unusable when the tenant has no such list or segment, or the segment is made of others
   *     that are gone
   */
  Part query(UUID tenantId, Audience.Part part, Instant now) {
    return switch (part.kind()) {
      case LIST -> list(tenantId, part.id());
      case SEGMENT -> segment(tenantId, part.id(), now);
    };
  }

  private Part list(UUID tenantId, UUID id) {
    Boolean exists =
        jdbc.queryForObject(
            "select exists (select from contact_list where tenant_id = ? and id = ?)",
            Boolean.class,
            tenantId,
            id);
    if (!Boolean.TRUE.equals(exists)) {
      throw new Unusable("list_not_found", "there is no list " + id);
    }
    return new Part("select contact_id from list_member where list_id = ?", List.of(id));
  }

  private Part segment(UUID tenantId, UUID id, Instant now) {
    try {
      return segments
          .contactIds(tenantId, id, now)
          .map(ids ->
              new Part("select s.id as contact_id from (" + ids.text() + ") s", ids.parameters()))
          .orElseThrow(() -> new Unusable("segment_not_found", "there is no segment " + id));
    } catch (UnusableFilter unusable) {
      throw new Unusable("segment_unusable", "segment " + id + ": " + unusable.getMessage());
    }
  }
}
