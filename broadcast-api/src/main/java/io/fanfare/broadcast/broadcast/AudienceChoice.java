package io.fanfare.broadcast.broadcast;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.support.problem.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a broadcast goes to: everybody in an included list or segment who is in no excluded one.
 * Nobody is sent to twice because of being in several; whoever is in several counts for the first.
 *
 * @param include 1 to 20 lists and segments
 * @param exclude at most 20 lists and segments
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(name = "Audience")
public record AudienceChoice(
    @Nullable List<AudienceChoice.Part> include, @Nullable List<AudienceChoice.Part> exclude) {

  /**
   * A list or a segment.
   *
   * @param kind list or segment
   * @param id its id
   */
  @Schema(name = "AudiencePart")
  public record Part(
      @Schema(type = "string", example = "list") Audience.@Nullable Kind kind, @Nullable UUID id) {}

  static AudienceChoice ofList(UUID listId) {
    return new AudienceChoice(List.of(new Part(Audience.Kind.LIST, listId)), null);
  }

  /** What somebody gave who may name one list instead. */
  static AudienceChoice of(@Nullable UUID listId, @Nullable AudienceChoice audience) {
    return listId != null
        ? ofList(listId)
        : Objects.requireNonNullElse(audience, new AudienceChoice(null, null));
  }

  /** The list, where it is one list and nothing else. */
  @JsonIgnore
  @Nullable UUID onlyList() {
    List<Part> parts = include == null ? List.of() : include;
    return parts.size() == 1
            && parts.getFirst().kind() == Audience.Kind.LIST
            && (exclude == null || exclude.isEmpty())
        ? parts.getFirst().id()
        : null;
  }

  void check(List<FieldProblem> problems) {
    if (include == null || include.isEmpty()) {
      problems.add(new FieldProblem("/audience/include", "must name at least one list or segment"));
    }
    Set<Part> seen = new HashSet<>();
    check("/audience/include", include, seen, problems);
    check("/audience/exclude", exclude, seen, problems);
  }

  private static void check(
      String at, @Nullable List<Part> parts, Set<Part> seen, List<FieldProblem> problems) {
    if (parts == null) {
      return;
    }
    if (parts.size() > Audience.MAX_PARTS) {
      problems.add(new FieldProblem(at, "must name at most " + Audience.MAX_PARTS));
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part == null || part.kind() == null || part.id() == null) {
        problems.add(new FieldProblem(at + "/" + i, "must have a kind and an id"));
      } else if (!seen.add(part)) {
        problems.add(new FieldProblem(at + "/" + i, "is given twice"));
      }
    }
  }

  /** As the other services see it. */
  Audience contract() {
    return new Audience(contract(include), contract(exclude));
  }

  private static List<Audience.Part> contract(@Nullable List<Part> parts) {
    List<Audience.Part> made = new ArrayList<>();
    for (Part part : parts == null ? List.<Part>of() : parts) {
      if (part.kind() != null && part.id() != null) {
        made.add(new Audience.Part(part.kind(), part.id()));
      }
    }
    return made;
  }
}
