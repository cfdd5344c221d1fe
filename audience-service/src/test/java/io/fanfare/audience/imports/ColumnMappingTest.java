package io.fanfare.audience.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.contact.ContactMerge.MatchBy;
import io.fanfare.audience.contact.ContactMerge.RowProblem;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnMappingTest {

  @Test
  void givesEachColumnItsFieldAndType() {
    Map<String, String> mapping = new LinkedHashMap<>();
    mapping.put("Grade", "custom.grade:number");
    mapping.put("Remarks", null);
    ColumnMapping columns =
        mapping(List.of(" external_id", "Grade", "Remarks", "tags", "custom.since:date"), mapping);
    List<RowProblem> problems = new ArrayList<>();
    assertThat(columns.patch(List.of("'=1", "7", "x", "a; b", "2026-02-28"), problems).toString())
        .isEqualTo(
            "{\"external_id\":\"=1\",\"tags\":[\"a\",\"b\"],"
                + "\"custom\":{\"grade\":7,\"since\":\"2026-02-28\"}}");
    assertThat(problems).isEmpty();
    assertThat(columns.columnOf("/custom/grade")).isEqualTo("Grade");
  }

  @ParameterizedTest
  @CsvSource({
    "number, 1e9",
    "number, seven",
    "boolean, maybe",
    "date, 2026-02-30",
    "json, {",
    "list, [1",
  })
  void refusesCellsOfAnotherType(String type, String cell) {
    ColumnMapping columns = mapping(List.of("external_id", "custom.x:" + type), Map.of());
    List<RowProblem> problems = new ArrayList<>();
    columns.patch(List.of("1", cell), problems);
    assertThat(problems).extracting(RowProblem::field).containsExactly("/custom/x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "external_id,name,name         |        | twice",
        "external_id,colour            |        | no field of a contact",
        "name,email                    |        | has no column for external_id",
        "external_id,custom.a b        |        | no field of a contact",
        "external_id,custom.a:colour   |        | no field of a contact",
        "external_id,X                 | email=Y | which the header has not",
        "external_id,email,X           | X=email | maps two columns to email",
      })
  void refusesHeadersItCannotRead(String header, String mapping, String detail) {
    Map<String, String> given = new LinkedHashMap<>();
    if (mapping != null) {
      String[] pair = mapping.split("=");
      if (header.contains(pair[0] + ",") || header.endsWith(pair[0])) {
        given.put(pair[0], pair[1]);
      } else {
        given.put("Missing", pair[1]);
      }
    }
    List<FieldProblem> problems = new ArrayList<>();
    ColumnMapping.of(List.of(header.split(",")), given, MatchBy.EXTERNAL_ID, true, problems);
    assertThat(problems).anyMatch(problem -> problem.detail().contains(detail));
  }

  @Test
  void emptyCellsClearOrSayNothing() {
    List<FieldProblem> none = new ArrayList<>();
    List<String> header = List.of("external_id", "name");
    List<String> cells = List.of("1", "");
    assertThat(
            ColumnMapping.of(header, Map.of(), MatchBy.EXTERNAL_ID, true, none)
                .patch(cells, new ArrayList<>())
                .toString())
        .isEqualTo("{\"external_id\":\"1\",\"name\":null}");
    assertThat(
            ColumnMapping.of(header, Map.of(), MatchBy.EXTERNAL_ID, false, none)
                .patch(cells, new ArrayList<>())
                .toString())
        .isEqualTo("{\"external_id\":\"1\"}");
    assertThat(none).isEqualTo(Collections.emptyList());
  }

  private static ColumnMapping mapping(List<String> header, Map<String, String> mapping) {
    List<FieldProblem> problems = new ArrayList<>();
    ColumnMapping columns = ColumnMapping.of(header, mapping, MatchBy.EXTERNAL_ID, true, problems);
    assertThat(problems).isEmpty();
    return columns;
  }
}
