package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.FilterReader;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads filters that come from outside, and refuses those that name what the tenant has not. */
@Component
class FilterChecker {

  private static final String POINTER = "/filter";

  private final SegmentRepository segments;

  FilterChecker(SegmentRepository segments) {
    this.segments = segments;
  }

  /**
   * Reads a filter.
   *
   * @throws ProblemException 422 with a pointer to each thing that is wrong
   */
  Filter read(UUID tenantId, @Nullable JsonNode json) {
    List<FieldProblem> problems = new ArrayList<>();
    Filter filter = FilterReader.read(json, POINTER, problems);
    if (filter == null || json == null) {
      throw ProblemException.invalid(problems);
    }
    Map<String, UUID> lists = new LinkedHashMap<>();
    collectLists(json, POINTER, lists);
    if (!lists.isEmpty()) {
      Set<UUID> known = segments.findLists(tenantId, lists.values());
      lists.forEach((pointer, list) -> {
        if (!known.contains(list)) {
          problems.add(new FieldProblem(pointer, "names a list that is not there"));
        }
      });
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return filter;
  }

  /** Of a filter that was read, so that it is not too deep. */
  private static void collectLists(JsonNode node, String pointer, Map<String, UUID> lists) {
    if (node.has("list")) {
      lists.put(pointer + "/list", UUID.fromString(node.get("list").stringValue()));
    } else if (node.has("not")) {
      collectLists(node.get("not"), pointer + "/not", lists);
    } else {
      for (String branch : List.of("all", "any")) {
        JsonNode parts = node.path(branch);
        for (int i = 0; i < parts.size(); i++) {
          collectLists(parts.get(i), pointer + "/" + branch + "/" + i, lists);
        }
      }
    }
  }
}
