package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
import io.fanfare.audience.segment.filter.Filter.HasAddress;
import io.fanfare.audience.segment.filter.Filter.InList;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Inactive;
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.OptedOut;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.JsonPointers;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a filter from JSON. What is wrong is collected, each with its JSON pointer. Never goes
 * deeper than {@link FilterLimits#MAX_DEPTH}, whatever it is given.
 */
public final class FilterReader {

  private static final Set<String> KINDS =
      Set.of(
          "all",
          "any",
          "not",
          "field",
          "list",
          "segment",
          "opted_out",
          "has_address",
          "behaviour",
          "inactive_for_days",
          "group",
          "pipeline",
          "registered");

  private final Problems problems;
  private int leaves;

  private FilterReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a filter.
   *
   * @param pointer where it stands in the body
   * @param problems takes what is wrong, at most 50 of it
   * @return null when something is wrong
   */
  public static @Nullable Filter read(
      @Nullable JsonNode node, String pointer, List<FieldProblem> problems) {
    var found = new Problems(problems);
    var reader = new FilterReader(found);
    Filter filter = reader.node(node, pointer, 1);
    if (reader.leaves > FilterLimits.MAX_LEAVES) {
      found.add(pointer, "has more than " + FilterLimits.MAX_LEAVES + " leaves");
    }
    return found.any() ? null : filter;
  }

  private @Nullable Filter node(@Nullable JsonNode node, String pointer, int depth) {
    if (depth > FilterLimits.MAX_DEPTH) {
      return problems.add(pointer, "is nested deeper than " + FilterLimits.MAX_DEPTH + " levels");
    }
    if (node == null || !node.isObject()) {
      return problems.add(pointer, "is not a filter: an object");
    }
    List<String> kinds = node.propertyNames().stream().filter(KINDS::contains).toList();
    if (kinds.size() != 1) {
      return problems.add(
          pointer,
          kinds.isEmpty()
              ? "has none of all, any, not, field, list, segment, opted_out, has_address,"
                  + " behaviour, inactive_for_days, group, pipeline, registered"
              : "has more than one of " + String.join(", ", kinds));
    }
    String kind = kinds.getFirst();
    return switch (kind) {
      case "all", "any" -> branch(kind, node, pointer, depth);
      case "not" -> {
        only(node, pointer, Set.of("not"));
        Filter part = node(node.get("not"), pointer + "/not", depth + 1);
        yield part == null ? null : new Not(part);
      }
      default -> counted(leaf(kind, node, pointer));
    };
  }

  private @Nullable Filter branch(String kind, JsonNode node, String pointer, int depth) {
    only(node, pointer, Set.of(kind));
    JsonNode parts = node.get(kind);
    if (!parts.isArray() || parts.isEmpty()) {
      return problems.add(pointer + "/" + kind, "is not an array of at least one filter");
    }
    List<Filter> read = new ArrayList<>();
    for (int i = 0; i < parts.size() && leaves <= FilterLimits.MAX_LEAVES; i++) {
      Filter part = node(parts.get(i), pointer + "/" + kind + "/" + i, depth + 1);
      if (part != null) {
        read.add(part);
      }
    }
    return kind.equals("all") ? new All(read) : new Any(read);
  }

  private @Nullable Filter counted(@Nullable Filter leaf) {
    leaves += leaf == null ? 1 : Filters.leaves(leaf);
    return leaf;
  }

  private @Nullable Filter leaf(String kind, JsonNode node, String pointer) {
    Members members = new Members(node, pointer, problems);
    return switch (kind) {
      case "field" -> FieldReader.read(members);
      case "list" -> {
        members.only("list");
        UUID id = members.uuid("list");
        yield id == null ? null : new InList(id);
      }
      case "segment" -> {
        members.only("segment");
        UUID id = members.uuid("segment");
        yield id == null ? null : new InSegment(id, null);
      }
      case "opted_out" -> {
        members.only("opted_out");
        var channel = members.channel("opted_out");
        yield channel == null ? null : new OptedOut(channel);
      }
      case "has_address" -> {
        members.only("has_address");
        var channel = members.channel("has_address");
        yield channel == null ? null : new HasAddress(channel);
      }
      case "behaviour" -> behaviour(members);
      case "inactive_for_days" -> {
        members.only("inactive_for_days");
        Integer days = members.whole("inactive_for_days", FilterLimits.MAX_DAYS);
        yield days == null ? null : new Inactive(days);
      }
      case "group" -> Shortcuts.group(members);
      case "pipeline" -> Shortcuts.pipeline(members);
      default -> Shortcuts.registered(members);
    };
  }

  private @Nullable Filter behaviour(Members members) {
    String name = members.text("behaviour");
    if (name == null) {
      return null;
    }
    boolean not = name.startsWith("not_");
    Behaviour behaviour = null;
    for (Behaviour one : Behaviour.values()) {
      if (one.id().equals(not ? name.substring(4) : name)) {
        behaviour = one;
      }
    }
    if (behaviour == null || not && behaviour == Behaviour.SENT) {
      return members.problem(
          "behaviour",
          "is none of sent, opened, clicked, replied, not_opened, not_clicked, not_replied");
    }
    if (members.has("since")) {
      return behavedSince(members, behaviour, not);
    }
    if (behaviour == Behaviour.CLICKED) {
      members.only("behaviour", "broadcast", "channel", "link");
    } else {
      members.only("behaviour", "broadcast", "channel");
    }
    UUID broadcast = members.uuid("broadcast");
    var channel = members.has("channel") ? members.channel("channel") : null;
    Integer link = members.has("link") ? members.whole("link", 1_000) : null;
    if (broadcast == null) {
      return null;
    }
    Behaved behaved = new Behaved(behaviour, broadcast, channel, link);
    return not
        ? new All(List.of(new Behaved(Behaviour.SENT, broadcast, channel, null), new Not(behaved)))
        : behaved;
  }

  private static @Nullable Filter behavedSince(Members members, Behaviour behaviour, boolean not) {
    members.only("behaviour", "since", "zone");
    if (behaviour == Behaviour.SENT) {
      return members.problem("since", "goes with opened, clicked and replied only");
    }
    DateValue since = members.date("since");
    ZoneId zone = members.zone();
    if (since == null || zone == null) {
      return null;
    }
    Filter behaved = new BehavedSince(behaviour, since, zone);
    return not ? new Not(behaved) : behaved;
  }

  private void only(JsonNode node, String pointer, Set<String> names) {
    for (String name : node.propertyNames()) {
      if (!names.contains(name)) {
        problems.add(pointer + "/" + JsonPointers.escaped(name), "does not belong here");
      }
    }
  }
}
