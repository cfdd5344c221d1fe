package io.fanfare.audience.imports;

import io.fanfare.audience.contact.ContactMerge.MatchBy;
import io.fanfare.audience.csv.CsvFormat;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An import as it is asked for, checked.
 *
 * @param charset null for UTF-8
 * @param delimiter null for the one the header has most of
 * @param quote of CSV
 */
record ImportRequest(
    boolean csv,
    boolean dryRun,
    @Nullable UUID listId,
    MatchBy matchBy,
    boolean clearEmpty,
    Map<String, @Nullable String> mapping,
    @Nullable Charset charset,
    @Nullable Character delimiter,
    char quote) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Map<String, String> CHARSETS =
      Map.of(
          "utf-8", "UTF-8",
          "utf-16", "UTF-16",
          "utf-16le", "UTF-16LE",
          "utf-16be", "UTF-16BE",
          "iso-8859-1", "ISO-8859-1",
          "iso-8859-15", "ISO-8859-15",
          "windows-1250", "windows-1250",
          "windows-1251", "windows-1251",
          "windows-1252", "windows-1252");

  /**
   * Checks what the query says.
   *
   * @throws ProblemException 422 with each parameter that is wrong
   */
  static ImportRequest of(
      String format,
      boolean dryRun,
      @Nullable UUID listId,
      String matchBy,
      String empty,
      @Nullable String mapping,
      @Nullable String charset,
      @Nullable String delimiter,
      @Nullable String quote) {
    List<FieldProblem> problems = new ArrayList<>();
    require(problems, "format", format.equals("csv") || format.equals("ndjson"), "csv, ndjson");
    MatchBy match = MatchBy.of(matchBy);
    require(problems, "match_by", match != null, "external_id, email");
    require(problems, "empty", empty.equals("clear") || empty.equals("keep"), "clear, keep");
    Map<String, @Nullable String> columns = mapping(mapping, problems);
    String charsetName = charset == null ? null : CHARSETS.get(charset.toLowerCase());
    require(
        problems,
        "charset",
        charset == null || charsetName != null,
        String.join(", ", CHARSETS.keySet().stream().sorted().toList()));
    Character between = character("delimiter", tab(delimiter), problems);
    Character around = character("quote", quote, problems);
    if (between != null && between.equals(around == null ? '"' : around)) {
      problems.add(new FieldProblem("delimiter", "is the quote as well"));
    }
    if (!problems.isEmpty() || match == null) {
      throw ProblemException.invalid(problems);
    }
    return new ImportRequest(
        format.equals("csv"),
        dryRun,
        listId,
        match,
        empty.equals("clear"),
        columns,
        charsetName == null ? null : Charset.forName(charsetName),
        between,
        around == null ? '"' : around);
  }

  /**
   * What is kept of it.
   *
   * @param header the first line of the file
   */
  ImportOptions options(String header) {
    CsvFormat format =
        csv
            ? new CsvFormat(
                delimiter == null ? CsvFormat.detectDelimiter(header, quote) : delimiter, quote)
            : null;
    return new ImportOptions(dryRun, listId, matchBy, clearEmpty, format, mapping);
  }

  private static void require(
      List<FieldProblem> problems, String parameter, boolean right, String allowed) {
    if (!right) {
      problems.add(new FieldProblem(parameter, "is not one of " + allowed));
    }
  }

  private static @Nullable String tab(@Nullable String delimiter) {
    return "tab".equals(delimiter) ? "\t" : delimiter;
  }

  private static @Nullable Character character(
      String parameter, @Nullable String given, List<FieldProblem> problems) {
    if (given == null) {
      return null;
    }
    char c = given.isEmpty() ? 0 : given.charAt(0);
    boolean possible = c == '\t' || (c >= ' ' && c < 127 && !Character.isLetterOrDigit(c));
    if (given.length() != 1 || !possible) {
      problems.add(new FieldProblem(parameter, "is not one ASCII character, no letter or digit"));
      return null;
    }
    return c;
  }

  private static Map<String, @Nullable String> mapping(
      @Nullable String json, List<FieldProblem> problems) {
    Map<String, @Nullable String> mapping = new LinkedHashMap<>();
    if (json == null) {
      return mapping;
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException e) {
      node = MAPPER.nullNode();
    }
    if (!node.isObject() || node.size() > ColumnMapping.MOST_COLUMNS) {
      problems.add(new FieldProblem("mapping", "is not a JSON object of at most 200 columns"));
      return mapping;
    }
    for (Map.Entry<String, JsonNode> column : node.properties()) {
      JsonNode target = column.getValue();
      if (!target.isNull() && !target.isString()) {
        problems.add(new FieldProblem("mapping", "maps a column to neither a string nor null"));
      } else {
        mapping.put(column.getKey().strip(), target.isNull() ? null : target.stringValue());
      }
    }
    return mapping;
  }
}
