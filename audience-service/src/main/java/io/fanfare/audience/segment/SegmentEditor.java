package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.Expansion;
import io.fanfare.audience.segment.filter.Expansion.Named;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filters;
import io.fanfare.audience.segment.filter.UnusableFilter;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/**
 * Changes segments, one at a time in a tenant, so that no two edits together make a circle of what
 * each alone leaves straight. Every change is written down in its own transaction.
 */
@Service
class SegmentEditor {

  /** More segments than this a tenant cannot have; every edit looks at all of them. */
  static final int MAX_SEGMENTS = 1_000;

  private static final String RESOURCE = "segment";

  private final SegmentRepository segments;
  private final FilterChecker filters;
  private final AuditTrail audit;

  SegmentEditor(SegmentRepository segments, FilterChecker filters, AuditTrail audit) {
    this.segments = segments;
    this.filters = filters;
    this.audit = audit;
  }

  @Transactional
  public Segment create(
      Identity who, String name, @Nullable String description, @Nullable JsonNode json) {
    segments.lock(who.tenant());
    Filter filter = filters.read(who.tenant(), json);
    if (segments.count(who.tenant()) >= MAX_SEGMENTS) {
      throw ProblemException.conflict(
          "too_many_segments", "there are " + MAX_SEGMENTS + " segments, and more cannot be");
    }
    UUID id = Ids.next();
    check(who.tenant(), new Named(id, name, filter));
    Segment segment = segments.insert(who.tenant(), id, name, description, required(json));
    audit.record(who, "create", RESOURCE, id.toString(), null, facts(segment));
    return segment;
  }

  /** Null leaves a field as it is; an empty description clears it. */
  @Transactional
  public Segment update(
      Identity who,
      UUID id,
      @Nullable String name,
      @Nullable String description,
      @Nullable JsonNode json,
      @Nullable String ifMatch) {
    segments.lock(who.tenant());
    Segment current = found(who, id);
    EntityTag.require(ifMatch, current.version());
    String newName = name == null ? current.name() : name;
    if (json != null) {
      check(who.tenant(), new Named(id, newName, filters.read(who.tenant(), json)));
    }
    String newDescription = description == null ? current.description() : description;
    Segment updated =
        segments.update(
            who.tenant(),
            id,
            newName,
            newDescription == null || newDescription.isBlank() ? null : newDescription,
            json == null ? current.filter() : json);
    audit.record(who, "update", RESOURCE, id.toString(), facts(current), facts(updated));
    return updated;
  }

  /** A broadcast that has frozen its audience goes on. */
  @Transactional
  public void delete(Identity who, UUID id, @Nullable String ifMatch) {
    segments.lock(who.tenant());
    Segment segment = found(who, id);
    EntityTag.require(ifMatch, segment.version());
    List<Named> users =
        segments.findMadeOfOthers(who.tenant()).stream()
            .map(SegmentRepository::named)
            .filter(other -> uses(other, id))
            .toList();
    if (!users.isEmpty()) {
      throw ProblemException.conflict(
          "segment_in_use",
          "it is part of "
              + users.stream()
                  .limit(5)
                  .map(user -> "“" + user.name() + "” (" + user.id() + ")")
                  .collect(Collectors.joining(", "))
              + (users.size() > 5 ? " and %d more".formatted(users.size() - 5) : ""));
    }
    segments.delete(who.tenant(), id);
    audit.record(who, "delete", RESOURCE, id.toString(), facts(segment), null);
  }

  /** With the changed segment all those made of it must still be usable. */
  private void check(UUID tenantId, Named changed) {
    try {
      Expansion.of(changed, id -> segments.findFilter(tenantId, id));
    } catch (UnusableFilter e) {
      throw ProblemException.invalid("/filter", e.detail());
    }
    Map<UUID, Named> others =
        segments.findMadeOfOthers(tenantId).stream()
            .map(SegmentRepository::named)
            .collect(Collectors.toMap(Named::id, other -> other));
    others.remove(changed.id());
    for (Named other : others.values()) {
      try {
        Expansion.of(
            other,
            id ->
                id.equals(changed.id())
                    ? changed
                    : Optional.ofNullable(others.get(id))
                        .orElseGet(() -> segments.findFilter(tenantId, id)));
      } catch (UnusableFilter e) {
        throw ProblemException.invalid(
            "/filter", "makes segment “%s” unusable: it %s".formatted(other.name(), e.detail()));
      }
    }
  }

  private static boolean uses(Named other, UUID id) {
    return Filters.nodes(other.filter())
        .anyMatch(node -> node instanceof InSegment part && part.segmentId().equals(id));
  }

  private Segment found(Identity who, UUID id) {
    return segments
        .find(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  private static JsonNode required(@Nullable JsonNode json) {
    if (json == null) {
      throw ProblemException.invalid("/filter", "is missing");
    }
    return json;
  }

  // The filter stays out: it may name people, and the audit log outlives an erasure.
  private static Map<String, Object> facts(Segment segment) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", segment.name());
    if (segment.description() != null) {
      facts.put("description", segment.description());
    }
    facts.put("version", segment.version());
    return facts;
  }
}
