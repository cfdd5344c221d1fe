package io.fanfare.audience.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.audience.segment.filter.Expansion.Named;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class FilterReaderTest {

  private static final String LEAF = "{\"group\":\"students\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                                          | ''
          {}                                                          | ''
          {"all":[]}                                                  | /all
          {"all":{}}                                                  | /all
          {"all":[7]}                                                 | /all/0
          {"all":[{"group":"everyone"}],"any":[{"group":"everyone"}]} | ''
          {"all":[{"group":"everyone"}],"x":1}                        | /x
          {"not":[]}                                                  | /not
          {"field":"shoe_size","op":"eq","value":1}                   | /field
          {"field":"custom.","op":"eq","value":1}                     | /field
          {"field":"custom.a-b","op":"eq","value":1}                  | /field
          {"field":"custom.a'b","op":"exists"}                        | /field
          {"field":"country","op":"is","value":"GB"}                  | /op
          {"field":"country","value":"GB"}                            | /op
          {"field":"country","op":"eq"}                               | /value
          {"field":"country","op":"eq","value":null}                  | /value
          {"field":"country","op":"eq","value":7}                     | /value
          {"field":"country","op":"eq","value":"gb"}                  | /value
          {"field":"country","op":"eq","value":["GB"]}                | /value
          {"field":"country","op":"in","value":["GB","Britain"]}      | /value/1
          {"field":"country","op":"in","value":[]}                    | /value
          {"field":"country","op":"exists","value":true}              | /value
          {"field":"country","op":"eq","value":"GB","zone":"Z"}       | /zone
          {"field":"country","op":"contains","value":["G","B"]}       | /value
          {"field":"name","op":"eq","value":""}                       | /value
          {"field":"name","op":"eq","value":"a\\u0000b"}              | /value
          {"field":"language","op":"primary","value":["en-GB"]}       | /value/0
          {"field":"language","op":"eq","value":"en_GB!"}             | /value
          {"field":"time_zone","op":"eq","value":"Europe/Nowhere"}    | /value
          {"field":"tags","op":"eq","value":"a"}                      | /op
          {"field":"id","op":"exists"}                                | /op
          {"field":"id","op":"in","value":[1,"2"]}                    | /value/1
          {"field":"id","op":"in","value":[1.5]}                      | /value/0
          {"field":"id","op":"eq","value":92233720368547758070}       | /value
          {"field":"created_at","op":"eq","value":"today"}            | /op
          {"field":"created_at","op":"lt","value":"2026-02-30"}       | /value
          {"field":"created_at","op":"lt","value":"2026-13-01"}       | /value
          {"field":"created_at","op":"lt","value":"yesterday"}        | /value
          {"field":"created_at","op":"lt","value":"-30"}              | /value
          {"field":"created_at","op":"lt","value":"-99999d"}          | /value
          {"field":"created_at","op":"lt","value":"9999-01-01"}       | /value
          {"field":"created_at","op":"lt","value":"2026-01-01T00:00:00.5Z"} | /value
          {"field":"created_at","op":"between","value":"today"}       | /value
          {"field":"created_at","op":"between","value":["today"]}     | /value
          {"field":"created_at","op":"lt","value":["today","-1d"]}    | /value
          {"field":"created_at","op":"lt","value":"today","zone":"Mars"} | /zone
          {"field":"custom.x","op":"lt","value":true}                 | /value
          {"field":"custom.x","op":"lt","value":1e400}                | /value
          {"field":"custom.x","op":"lt","value":1e-31}                | /value
          {"field":"custom.x","op":"between","value":[1,"2"]}         | /value/1
          {"field":"custom.x","op":"lt","value":1,"zone":"UTC"}       | /zone
          {"field":"custom.x","op":"eq","value":{}}                   | /value
          {"field":"custom.x","op":"starts_with","value":7}           | /value
          {"field":"custom.x","op":"element","value":{}}              | /value
          {"field":"custom.x","op":"element","value":{"a":[1]}}       | /value/a
          {"field":"custom.x","op":"like","value":"a"}                | /op
          {"list":"all"}                                              | /list
          {"list":7}                                                  | /list
          {"segment":"0190b3c8-6e3c-7c1e-9f0a"}                       | /segment
          {"opted_out":"fax"}                                         | /opted_out
          {"has_address":"*"}                                         | /has_address
          {"inactive_for_days":0}                                     | /inactive_for_days
          {"inactive_for_days":100000}                                | /inactive_for_days
          {"behaviour":"read","since":"-1d"}                          | /behaviour
          {"behaviour":"not_sent","since":"-1d"}                      | /behaviour
          {"behaviour":"sent","since":"-1d"}                          | /since
          {"behaviour":"opened"}                                      | /broadcast
          {"behaviour":"opened","since":"soon"}                       | /since
          {"behaviour":"opened","broadcast":"0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d","link":1} | /link
          {"behaviour":"clicked","broadcast":"0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d","link":0} | /link
          {"group":"nobody"}                                          | /group
          {"group":"students","value":"x"}                            | /value
          {"group":"role"}                                            | /value
          {"group":"contacts","value":["a"]}                          | /value/0
          {"pipeline":"p","stage":7}                                  | /stage
          {"registered":"e","status":[]}                              | /status
          """)
  void saysWhatIsWrongAndWhere(String json, String pointer) {
    assertThat(problems("{\"not\":" + json + "}"))
        .as(json)
        .extracting(FieldProblem::pointer)
        .containsExactly("/filter/not" + pointer);
    assertThat(FilterSchema.accepts("{\"not\":" + json + "}"))
        .as("%s, which the schema must refuse unless it is about meaning", json)
        .isIn(false, meaningOnly(json));
  }

  /** Whether a filter has the right form and is wrong only in what it says. */
  private static boolean meaningOnly(String json) {
    return json.contains("\"gb\"")
        || json.contains("Britain")
        || json.contains("value\":[\"G")
        || json.contains("[\"today\"")
        || json.contains("\"between\",\"value\":\"today\"")
        || json.contains("\"op\":\"eq\",\"value\":[")
        || json.matches(
            ".*(en_GB!|en-GB|Nowhere|\\\\u0000|Mars|-30\"|-99999d|-02-30|-13-01|9999).*")
        || json.contains("1e")
        || json.contains("92233720368547758070")
        || json.contains("\"opened\",\"broadcast\"");
  }

  @Test
  void doesNotGoDeeperThanTwentyLevels() {
    assertThat(problems(nested(20))).isEmpty();
    for (int depth : List.of(21, 50, 400)) {
      assertThat(problems(nested(depth)))
          .extracting(FieldProblem::detail)
          .containsExactly("is nested deeper than 20 levels");
    }
  }

  private static String nested(int depth) {
    return "{\"not\":".repeat(depth - 1) + LEAF + "}".repeat(depth - 1);
  }

  @Test
  void takesTwoHundredLeavesAndAThousandValues() {
    assertThat(problems(all(Collections.nCopies(200, LEAF)))).isEmpty();
    assertThat(problems(all(Collections.nCopies(201, LEAF))))
        .extracting(FieldProblem::detail)
        .containsExactly("has more than 200 leaves");
    // A shortcut counts as what it stands for.
    assertThat(problems("{\"pipeline\":\"p\",\"stage\":" + numbers(201, "\"") + "}")).hasSize(1);
    assertThat(problems("{\"group\":\"contacts\",\"value\":" + numbers(1_000, "") + "}")).isEmpty();
    assertThat(problems("{\"group\":\"contacts\",\"value\":" + numbers(1_001, "") + "}"))
        .extracting(FieldProblem::detail)
        .containsExactly("has 1 to 1000 values");
    assertThat(problems("{\"group\":\"role\",\"value\":\"" + "x".repeat(501) + "\"}")).hasSize(1);
  }

  @Test
  void reportsTheFirstFiftyProblems() {
    assertThat(problems(all(Collections.nCopies(150, "{\"group\":\"x\"}")))).hasSize(50);
  }

  private static String all(List<String> parts) {
    return "{\"all\":[" + String.join(",", parts) + "]}";
  }

  private static String numbers(int count, String quote) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> quote + i + quote)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void shortcutsStandForTrees() {
    assertThat(expanded("{'group':'everyone'}")).isEqualTo("{'group':'everyone'}");
    assertThat(expanded("{'group':'tutors'}"))
        .isEqualTo("{'field':'roles','op':'any','value':['tutor']}");
    assertThat(expanded("{'group':'subject','value':'maths'}"))
        .isEqualTo("{'field':'custom.subject','op':'any','value':['maths']}");
    assertThat(expanded("{'group':'contacts','value':[3,4]}"))
        .isEqualTo("{'field':'id','op':'in','value':[3,4]}");
    assertThat(expanded("{'pipeline':'p','stage':['a','b']}"))
        .isEqualTo(
            "{'any':[{'field':'custom.pipelines','op':'element','value':"
                + "{'pipeline':'p','stage':'a'}},"
                + "{'field':'custom.pipelines','op':'element','value':"
                + "{'pipeline':'p','stage':'b'}}]}");
    assertThat(expanded("{'registered':'e'}"))
        .isEqualTo(
            "{'any':[{'field':'custom.registrations','op':'element','value':{'event':'e'}},"
                + "{'field':'custom.registrations','op':'any','value':['e']}]}");
    String broadcast = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
    assertThat(expanded("{'behaviour':'not_opened','broadcast':'" + broadcast + "'}"))
        .isEqualTo(
            "{'all':[{'behaviour':'sent','broadcast':'%s'},{'not':{'behaviour':'opened','broadcast':'%s'}}]}"
                .formatted(broadcast, broadcast));
    assertThat(expanded("{'field':'tags','op':'none','value':'a'}"))
        .isEqualTo("{'not':{'field':'tags','op':'any','value':['a']}}");
  }

  private static String expanded(String json) {
    Filter filter = FilterReader.read(tree(json.replace('\'', '"')), "", new ArrayList<>());
    return FilterWriter.write(filter).toString().replace('"', '\'');
  }

  @Test
  void refusesSegmentsMadeOfThemselvesWithTheWayRound() {
    Map<UUID, Named> segments = new HashMap<>();
    Named first = segment(segments, 1, "First", 2);
    segment(segments, 2, "Second", 3);
    segment(segments, 3, "Third", 1);
    assertThatThrownBy(() -> Expansion.of(first, segments::get))
        .hasMessageContaining("“First” (" + id(1) + ") → “Second”")
        .hasMessageContaining("“Third” (" + id(3) + ") → “First”");
    assertThatThrownBy(() ->
            Expansion.of(new Named(id(9), "Own", new Filter.InSegment(id(9), null)), i -> null))
        .hasMessageContaining("“Own”")
        .extracting("code")
        .isEqualTo("segment_cycle");
    assertThatThrownBy(() -> Expansion.of(new Filter.InSegment(id(7), null), segments::get))
        .extracting("code")
        .isEqualTo("segment_not_found");
  }

  @Test
  void boundsWhatSegmentsBecomeTogether() {
    Map<UUID, Named> chain = new HashMap<>();
    for (int i = 1; i <= 11; i++) {
      segment(chain, i, "S" + i, i + 1);
    }
    chain.put(id(12), new Named(id(12), "End", new Filter.Inactive(1)));
    assertThat(Expansion.of(new Filter.InSegment(id(3), null), chain::get)).isNotNull();
    assertThatThrownBy(() -> Expansion.of(new Filter.InSegment(id(2), null), chain::get))
        .hasMessageContaining("more than 10 deep");
    // Each twice the one before: a bomb without a bound.
    Map<UUID, Named> doubling = new HashMap<>();
    doubling.put(
        id(1), new Named(id(1), "1", all(Collections.nCopies(200, new Filter.Inactive(1)), 0)));
    for (int i = 2; i <= 9; i++) {
      var part = new Filter.InSegment(id(i - 1), null);
      doubling.put(id(i), new Named(id(i), "" + i, all(List.of(part, part), 0)));
    }
    assertThatThrownBy(() -> Expansion.of(new Filter.InSegment(id(9), null), doubling::get))
        .hasMessageContaining("more than 2000 leaves");
  }

  private static Filter all(List<Filter> parts, int any) {
    return new Filter.All(parts);
  }

  private static Named segment(Map<UUID, Named> segments, int number, String name, int part) {
    Named segment =
        new Named(id(number), name, new Filter.Not(new Filter.InSegment(id(part), null)));
    segments.put(segment.id(), segment);
    return segment;
  }

  private static UUID id(int number) {
    return new UUID(0, number);
  }

  private static List<FieldProblem> problems(String json) {
    List<FieldProblem> problems = new ArrayList<>();
    Filter filter = FilterReader.read(tree(json), "/filter", problems);
    assertThat(filter == null).isEqualTo(!problems.isEmpty());
    return problems;
  }

  private static tools.jackson.databind.JsonNode tree(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
