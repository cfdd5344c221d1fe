package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge.RowProblem;
import io.fanfare.audience.csv.ByteWindow;
import io.fanfare.audience.csv.CsvFormat;
import io.fanfare.audience.csv.CsvRecords;
import io.fanfare.audience.csv.FileRecord;
import io.fanfare.audience.csv.FileRecord.Fault;
import io.fanfare.audience.csv.FileRecords;
import io.fanfare.audience.csv.LineRecords;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the rows of a file, from its beginning or from where another has stopped. */
final class RowReader {

  /** The size of the pieces a file is kept in. */
  static final int PIECE_BYTES = 256 * 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ImportOptions options;
  private final @Nullable ColumnMapping columns;
  private final FileRecords records;

  private RowReader(ImportOptions options, @Nullable ColumnMapping columns, FileRecords records) {
    this.options = options;
    this.columns = columns;
    this.records = records;
  }

  /**
   * Reads on.
   *
   * @param position where a row begins; 0 for the beginning, where a header is read over
   * @param problems takes what is wrong with the header or the mapping; nothing can be read then
   */
  static RowReader open(
      ImportOptions options,
      ByteWindow.Pieces pieces,
      long position,
      long line,
      List<FieldProblem> problems) {
    CsvFormat csv = options.csv();
    if (csv == null) {
      namesOfJson(options, problems);
      ByteWindow window = new ByteWindow(pieces, PIECE_BYTES, position);
      return new RowReader(options, null, new LineRecords(window, position, line));
    }
    FileRecords records = new CsvRecords(new ByteWindow(pieces, PIECE_BYTES, 0), csv, 0, 1);
    ColumnMapping columns = header(records.next(), options, csv, problems);
    if (position > 0) {
      ByteWindow window = new ByteWindow(pieces, PIECE_BYTES, position);
      records = new CsvRecords(window, csv, position, line);
    }
    return new RowReader(options, columns, records);
  }

  private static ColumnMapping header(
      @Nullable FileRecord first,
      ImportOptions options,
      CsvFormat csv,
      List<FieldProblem> problems) {
    Fault fault = first == null ? new Fault("empty", "is missing") : first.fault();
    if (fault != null) {
      problems.add(new FieldProblem("header", fault.detail()));
    }
    List<String> cells = first == null || fault != null ? List.of() : csv.cells(first.text());
    return ColumnMapping.of(
        cells, options.mapping(), options.matchBy(), options.clearEmpty(), problems);
  }

  private static void namesOfJson(ImportOptions options, List<FieldProblem> problems) {
    Map<String, String> paths = new HashMap<>();
    options
        .mapping()
        .forEach((name, path) -> {
          if (path != null && Target.of(path) == null) {
            problems.add(new FieldProblem("mapping", path + " is no field of a contact"));
          } else if (path != null && paths.put(path, name) != null) {
            problems.add(new FieldProblem("mapping", "maps two names to " + path));
          }
        });
  }

  /** The next row; null at the end. */
  @Nullable ImportRow next() {
    FileRecord record = records.next();
    if (record == null) {
      return null;
    }
    Fault fault = record.fault();
    if (fault != null) {
      return wrong(record, fault.code(), fault.detail());
    }
    return columns == null ? ofJson(record) : ofCells(record, columns);
  }

  long position() {
    return records.position();
  }

  long line() {
    return records.line();
  }

  /** What the file calls the field a pointer leads to. */
  String columnOf(String pointer) {
    return columns == null
        ? pointer.substring(Math.min(1, pointer.length()))
        : columns.columnOf(pointer);
  }

  private ImportRow ofCells(FileRecord record, ColumnMapping mapping) {
    CsvFormat csv = options.csv();
    List<String> cells = csv == null ? List.of() : csv.cells(record.text());
    if (cells.size() != mapping.columns()) {
      return wrong(
          record,
          "wrong_number_of_columns",
          "has %d columns, the header has %d".formatted(cells.size(), mapping.columns()));
    }
    List<RowProblem> problems = new ArrayList<>();
    ObjectNode patch = mapping.patch(cells, problems);
    return new ImportRow(record.line(), record.text(), problems.isEmpty() ? patch : null, problems);
  }

  private ImportRow ofJson(FileRecord record) {
    JsonNode node;
    try {
      node = MAPPER.readTree(record.text());
    } catch (JacksonException e) {
      long column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      return wrong(record, "malformed_json", "is no JSON: column " + column);
    }
    if (!(node instanceof ObjectNode object)) {
      return wrong(record, "malformed_json", "is no JSON object");
    }
    List<RowProblem> problems = new ArrayList<>();
    ObjectNode patch = options.mapping().isEmpty() ? object : renamed(object, problems);
    return new ImportRow(record.line(), record.text(), problems.isEmpty() ? patch : null, problems);
  }

  private ObjectNode renamed(ObjectNode object, List<RowProblem> problems) {
    ObjectNode patch = MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String name = entry.getKey();
      if (!options.mapping().containsKey(name)) {
        patch.set(name, entry.getValue());
      }
    }
    options
        .mapping()
        .forEach((name, path) -> {
          JsonNode value = object.get(name);
          Target target = path == null ? null : Target.of(path);
          if (value != null && target != null) {
            put(patch, target, value, problems);
          }
        });
    return patch;
  }

  private static void put(
      ObjectNode patch, Target target, JsonNode value, List<RowProblem> problems) {
    JsonNode typed = value.isString() ? target.type().read(value.stringValue()) : value;
    if (typed == null) {
      problems.add(
          new RowProblem("/" + target.field(), "invalid_value", "is not a " + target.type().id()));
    } else if (target.custom() == null) {
      patch.set(target.field(), typed);
    } else {
      ObjectNode custom =
          patch.get("custom") instanceof ObjectNode known ? known : MAPPER.createObjectNode();
      custom.set(target.custom(), typed);
      patch.set("custom", custom);
    }
  }

  private static ImportRow wrong(FileRecord record, String code, String detail) {
    RowProblem problem = new RowProblem("", code, detail);
    return new ImportRow(record.line(), record.text(), null, List.of(problem));
  }
}
