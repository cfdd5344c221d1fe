package io.fanfare.benchmark.crash;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run for people and for machines.
 *
 * @param surprises what happened and was not planned
 */
public record Report(
    CrashOptions options, Verdict verdict, Measures measures, List<String> surprises) {

  /** One figure a line. */
  public String table() {
    StringBuilder text = new StringBuilder();
    columns().forEach((name, value) -> text.append("%-24s %s%n".formatted(name, value)));
    return text.toString();
  }

  /** One JSON object on one line. */
  public String json() {
    return JsonMapper.builder().build().writeValueAsString(columns());
  }

  private Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("seed", options.seed());
    columns.putAll(verdict.columns());
    columns.putAll(measures.columns());
    columns.put("surprises", surprises.size());
    return columns;
  }
}
