package io.fanfare.audience.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.audience.contact.Contact;
import io.fanfare.audience.contact.ContactRepository;
import io.fanfare.audience.segment.filter.ContactFacts;
import io.fanfare.audience.segment.filter.Explanation;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.FilterExplainer;
import io.fanfare.audience.segment.filter.UnusableFilter;
import io.fanfare.audience.segment.sql.FilterSql;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Answers who is in a segment or would be in one: how many, some of them, and why. */
@Service
class SegmentReader {

  private static final String RESOURCE = "segment";

  private final SegmentRepository segments;
  private final SegmentMembership membership;
  private final FilterChecker filters;
  private final CountRepository counts;
  private final FactsRepository facts;
  private final ContactRepository contacts;
  private final Clock clock;

  SegmentReader(
      SegmentRepository segments,
      SegmentMembership membership,
      FilterChecker filters,
      CountRepository counts,
      FactsRepository facts,
      ContactRepository contacts,
      Clock clock) {
    this.segments = segments;
    this.membership = membership;
    this.filters = filters;
    this.counts = counts;
    this.facts = facts;
    this.contacts = contacts;
    this.clock = clock;
  }

  Segment find(Identity who, UUID id) {
    return segments
        .find(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  /** Counts anew those whom a filter, or a segment, would choose now. */
  Estimate estimate(Identity who, @Nullable JsonNode json, @Nullable UUID segmentId) {
    if ((json == null) == (segmentId == null)) {
      throw ProblemException.invalid("", "has either filter or segment_id");
    }
    Instant now = now();
    Filter filter =
        segmentId == null
            ? usable(() -> membership.expanded(who.tenant(), filters.read(who.tenant(), json)))
            : usable(() -> membership.expanded(who.tenant(), find(who, segmentId)));
    SegmentCounts counted = count(who, filter, now);
    List<Contact> sample =
        counted.sample().isEmpty()
            ? List.of()
            : contacts.find(
                who.tenant(), counted.sample().stream().mapToLong(Long::longValue).toArray());
    return new Estimate(
        counted.contacts(), new Reachable(counted.byEmail(), counted.byTelegram()), sample, now);
  }

  /** Counts a segment anew and keeps the figure with it. */
  Segment refresh(Identity who, UUID id) {
    Segment segment = find(who, id);
    Instant now = now();
    Filter filter = usable(() -> membership.expanded(who.tenant(), segment));
    long contacts = count(who, filter, now).contacts();
    segments.setCount(who.tenant(), id, segment.version(), contacts, now);
    return find(who, id);
  }

  /** Why a contact is in a segment or not; without a contact only what the segment says. */
  Explanation explain(Identity who, UUID id, @Nullable Long contactId) {
    Segment segment = find(who, id);
    Filter filter = usable(() -> membership.expanded(who.tenant(), segment));
    ContactFacts contact =
        contactId == null
            ? null
            : facts
                .find(who.tenant(), contactId, filter)
                .orElseThrow(() -> ProblemException.notFound("contact", contactId));
    return new FilterExplainer(contact, now()).explain(filter);
  }

  private SegmentCounts count(Identity who, Filter filter, Instant now) {
    return counts.count(who.tenant(), FilterSql.condition(who.tenant(), filter, now));
  }

  private static Filter usable(Supplier<Filter> filter) {
    try {
      return filter.get();
    } catch (UnusableFilter e) {
      throw ProblemException.invalid("/filter", e.detail());
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Whom a filter would choose.
   *
   * @param contacts how many, exactly
   * @param reachable how many of them have an address and have not opted out, by channel
   * @param sample up to ten of them
   * @param countedAt when
   */
  @Schema(name = "SegmentEstimate")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Estimate(
      @Schema(example = "1234") long contacts,
      Reachable reachable,
      List<Contact> sample,
      Instant countedAt) {}

  /** How many contacts a channel reaches; two with the same address count twice. */
  @Schema(name = "SegmentReachable")
  record Reachable(@Schema(example = "1200") long email, @Schema(example = "310") long telegram) {}
}
