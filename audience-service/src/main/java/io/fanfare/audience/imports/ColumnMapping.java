package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge.MatchBy;
import io.fanfare.audience.contact.ContactMerge.RowProblem;
import io.fanfare.audience.csv.CsvText;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Which column of a CSV file is which field, and how a record becomes a patch of a contact. */
final class ColumnMapping {

  static final int MOST_COLUMNS = 200;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<String> header;
  private final List<@Nullable Target> targets;
  private final boolean clearEmpty;

  private ColumnMapping(List<String> header, List<@Nullable Target> targets, boolean clearEmpty) {
    this.header = header;
    this.targets = targets;
    this.clearEmpty = clearEmpty;
  }

  /**
   * The mapping of a file.
   *
   * @param cells of the header
   * @param problems takes what is wrong with header or mapping; with any, the result is useless
   */
  static ColumnMapping of(
      List<String> cells,
      Map<String, @Nullable String> mapping,
      MatchBy matchBy,
      boolean clearEmpty,
      List<FieldProblem> problems) {
    List<String> header = cells.stream().map(String::strip).toList();
    List<@Nullable Target> targets = new ArrayList<>();
    if (header.size() > MOST_COLUMNS) {
      problems.add(new FieldProblem("header", "has more than " + MOST_COLUMNS + " columns"));
      return new ColumnMapping(header, targets, clearEmpty);
    }
    Set<String> names = new HashSet<>();
    Set<String> paths = new HashSet<>();
    for (String name : header) {
      if (!names.add(name)) {
        problems.add(new FieldProblem("header", "has the column " + shown(name) + " twice"));
      }
      Target target = target(name, mapping, problems);
      if (target != null && !paths.add(target.path())) {
        problems.add(new FieldProblem("mapping", "maps two columns to " + target.path()));
      }
      targets.add(target);
    }
    for (String name : mapping.keySet()) {
      if (!names.contains(name)) {
        problems.add(
            new FieldProblem("mapping", "names " + shown(name) + ", which the header has not"));
      }
    }
    if (problems.isEmpty() && !paths.contains(matchBy.field())) {
      problems.add(
          new FieldProblem(
              "header", "has no column for " + matchBy.field() + ", which tells whose a row is"));
    }
    return new ColumnMapping(header, targets, clearEmpty);
  }

  private static @Nullable Target target(
      String name, Map<String, @Nullable String> mapping, List<FieldProblem> problems) {
    boolean mapped = mapping.containsKey(name);
    String path = mapped ? mapping.get(name) : name;
    if (path == null) {
      return null;
    }
    Target target = Target.of(path);
    if (target == null && mapped) {
      problems.add(new FieldProblem("mapping", shown(path) + " is no field of a contact"));
    } else if (target == null) {
      problems.add(
          new FieldProblem(
              "header",
              "has the column "
                  + shown(name)
                  + ", which is no field of a contact: map it, or map it to null"));
    }
    return target;
  }

  private static String shown(String name) {
    return "\"" + (name.length() > 60 ? name.substring(0, 60) + "…" : name) + "\"";
  }

  int columns() {
    return header.size();
  }

  /** How the file calls the field a JSON pointer leads to; the pointer's field when it has none. */
  String columnOf(String pointer) {
    String[] parts = pointer.split("/");
    String field = parts.length > 1 ? parts[1] : "";
    String inner = parts.length > 2 ? parts[2] : null;
    for (int i = 0; i < header.size(); i++) {
      Target target = targets.get(i);
      if (target != null
          && target.field().equals(field)
          && (target.custom() == null || target.custom().equals(inner))) {
        return header.get(i);
      }
    }
    return field;
  }

  /**
   * The patch a record is.
   *
   * @param problems takes what is wrong with cells
   */
  ObjectNode patch(List<String> cells, List<RowProblem> problems) {
    ObjectNode patch = NODES.objectNode();
    ObjectNode custom = null;
    for (int i = 0; i < cells.size(); i++) {
      Target target = targets.get(i);
      if (target == null) {
        continue;
      }
      String cell = CsvText.plain(cells.get(i).strip());
      if (cell.isEmpty() && !clearEmpty) {
        continue;
      }
      JsonNode value = cell.isEmpty() ? NODES.nullNode() : target.type().read(cell);
      if (value == null) {
        problems.add(
            new RowProblem(
                "/" + target.path().replace('.', '/'),
                "invalid_value",
                "is not a " + target.type().id()));
      } else if (target.custom() == null) {
        patch.set(target.field(), value);
      } else {
        custom = custom == null ? NODES.objectNode() : custom;
        custom.set(target.custom(), value);
      }
    }
    if (custom != null) {
      if (patch.get("custom") instanceof ObjectNode whole) {
        whole.setAll(custom);
      } else {
        patch.set("custom", custom);
      }
    }
    return patch;
  }
}
