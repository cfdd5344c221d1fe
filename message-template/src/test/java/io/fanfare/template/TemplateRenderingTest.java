package io.fanfare.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateRenderingTest {

  private static final Map<String, Object> DATA =
      Map.of(
          "contact",
          Map.of(
              "name", "Ada <Lovelace>",
              "email", "ada@example.org",
              "tags", List.of("vip", "math"),
              "empty", "",
              "custom", Map.of("city", "London", "score", 41, "born", "1815-12-10")),
          "broadcast",
          Map.of("id", "b1", "name", "Spring"),
          "vars",
          Map.of("price", 1234.5, "sale", true),
          "current_date",
          "2026-05-01",
          "current_time",
          "09:30");

  /** Doubles until the text is 160,000 characters long. */
  private static final String GROW_A =
      "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a ~ a %}".repeat(14);

  private static final String GROW_P =
      "{% set p = 'aaaaaaaaab' %}" + "{% set p = p ~ 'a' %}" + "{% set p = p ~ p %}".repeat(12);

  private final TemplateEngine engine = new TemplateEngine();

  private String html(String source) {
    return engine.compile(source, Escaping.HTML).render(DATA);
  }

  private String plain(String source) {
    return engine.compile(source, Escaping.NONE).render(DATA);
  }

  @Test
  void writesValuesAndLeavesTextAlone() {
    assertThat(plain("Dear {{ contact.name }}, {{broadcast.name}} { } %} it's {{ current_date }}"))
        .isEqualTo("Dear Ada <Lovelace>, Spring { } %} it's 2026-05-01");
  }

  @Test
  void escapesValuesButNotTheTemplatesTextInHtml() {
    assertThat(html("<b>{{ contact.name }}</b>{{ '<i>' }}{{ '\"&' | escape }}"))
        .isEqualTo("<b>Ada &lt;Lovelace&gt;</b>&lt;i&gt;&quot;&amp;");
  }

  @Test
  void rendersWhatIsMissingAsNothing() {
    assertThat(plain("[{{ contact.phone }}{{ nobody.knows.this }}{{ contact.name.length }}]"))
        .isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "contact.phone FILTER default('none') | none",
        "contact.empty FILTER default('none') | none",
        "contact.email FILTER upper | ADA@EXAMPLE.ORG",
        "'ada BYRON' FILTER lower FILTER title | Ada Byron",
        "'éa' FILTER capitalize | Éa",
        "'  x ' FILTER trim | x",
        "'abcdef' FILTER abbreviate(4) | abc…",
        "'a-b-c' FILTER replace('-', '+') | a+b+c",
        "contact.tags FILTER join(' and ') | vip and math",
        "contact.tags | vip, math",
        "contact.tags FILTER length | 2",
        "contact.tags FILTER first | vip",
        "'abc' FILTER last | c",
        "contact.tags[1] | math",
        "contact.custom['city'] | London",
        "'a b&c' FILTER urlencode | a+b%26c",
        "vars.price FILTER number(2) | 1,234.50",
        "vars.price FILTER number(1, ',', '.') | 1.234,5",
        "contact.custom.born FILTER date('d MMMM yyyy') | 10 December 1815",
        "'2026-05-01T22:30:00Z' FILTER date('dd.MM. HH:mm', 'Europe/Berlin') | 02.05. 00:30",
        "contact.custom.score + 1 | 42",
        "7 / 2 | 3.5",
        "6 / 2 | 3",
        "2 + 3 * 4 | 14",
        "9223372036854 * 9223372036854 | 8.50705917302203E25",
        "-contact.custom.score % 5 | -1",
        "contact.name ~ '!' | Ada <Lovelace>!",
        "contact.custom.score > 40 ? 'high' : 'low' | high",
        "contact.custom.score == 41.0 | true",
        "'b' > 'a' and not (1 > 2) | true",
        "contact.name > 3 | false",
        "contact.tags contains 'vip' | true",
        "['DE', 'GB'] contains 'GB' | true",
        "contact.phone is empty | true",
        "contact.name is not null | true",
        "3 is odd or 3 is even | true",
      })
  void evaluates(String expression, String expected) {
    assertThat(plain("{{ " + expression.replace("FILTER", "|") + " }}")).isEqualTo(expected);
  }

  @Test
  void choosesAndLoops() {
    assertThat(
            plain(
                "{% if contact.phone %}p{% elseif contact.tags %}t{% else %}e{% endif %}"
                    + "{% for t in contact.tags %}{{ loop.index }}{{ t }}"
                    + "{% if not loop.last %},{% endif %}{% endfor %}"
                    + "{% for x in contact.none %}x{% else %}-{% endfor %}"
                    + "{% set n = contact.custom.score %}{{ n }}"))
        .isEqualTo("t0vip,1math-41");
  }

  @Test
  void restoresLoopVariablesAfterNestedLoops() {
    assertThat(
            plain(
                "{% for a in contact.tags %}{% for b in [1, 2] %}{{ a }}{{ b }}{% endfor %}"
                    + "{{ loop.index }};{% endfor %}[{{ a }}{{ loop.index }}]"))
        .isEqualTo("vip1vip20;math1math21;[]");
  }

  @Test
  void trimsAroundDashesAndTheNewlineAfterATagOnly() {
    assertThat(plain("a\n{%- if true -%}\n b \n{%- endif %}\nc{# note #}\n{{ 1 }}\nd"))
        .isEqualTo("abc1\nd");
  }

  @Test
  void boundsLoopsOutputAndText() {
    TemplateEngine small =
        new TemplateEngine(new TemplateLimits(10_000, 100, 10, 10_000, 10_000, 1_000));
    Map<String, Object> data = Map.of("vars", Map.of("list", List.of(1, 2, 3, 4)));
    assertThatThrownBy(() ->
            small
                .compile(
                    "{% for a in vars.list %}{% for b in vars.list %}{% endfor %}{% endfor %}",
                    Escaping.NONE)
                .render(data))
        .isInstanceOf(TemplateRenderException.class)
        .hasMessageContaining("more than 10 loop passes");
    assertThatThrownBy(() -> small.compile("x".repeat(101), Escaping.NONE).render(data))
        .hasMessageContaining("output is longer than 100");
    assertThatThrownBy(() ->
            small
                .compile(
                    "{% set x = 'aaaaaaaaaa' %}"
                        + "{% for a in vars.list %}{% set x = x ~ x %}{% endfor %}",
                    Escaping.NONE)
                .render(data))
        .hasMessageContaining("longer than 100 characters");
  }

  @Test
  void boundsTheWorkOfLongLoopBodies() {
    Map<String, Object> data =
        Map.of("vars", Map.of("list", java.util.Collections.nCopies(900, "x")));
    String body = "{% set y = 1 %}".repeat(1_000);
    CompiledTemplate template =
        engine.compile("{% for a in vars.list %}" + body + "{% endfor %}", Escaping.NONE);
    assertThatThrownBy(() -> template.render(data)).hasMessageContaining("too much work");
  }

  /** Text and pattern grow by doubling, so that a source of any length may hold such searches. */
  @ParameterizedTest
  @ValueSource(
      strings = {"{% if a contains p %}{% endif %}", "{% if a|replace(p, 'x') == '' %}{% endif %}"})
  void boundsTheWorkOfSearchesInTextsATemplateMade(String search) {
    String source = GROW_A + GROW_P + search.repeat(1_000);
    assertThatThrownBy(() -> engine.compile(source, Escaping.NONE).render(DATA))
        .isInstanceOf(TemplateRenderException.class)
        .hasMessageContaining("too much work");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% if a == b %}{% endif %}",
        "{% if a < b %}{% endif %}",
        "{% if a|upper == '' %}{% endif %}",
        "{% if a|urlencode == '' %}{% endif %}",
        "{% if a|length == 0 %}{% endif %}",
        "{% if a ~ 1 == '' %}{% endif %}",
        "{% if a + 1 == '' %}{% endif %}"
      })
  void boundsTheWorkOfEveryWayToPassOverAText(String step) {
    String source = GROW_A + "{% set b = a ~ '' %}" + step.repeat(4_000);
    CompiledTemplate template = engine.compile(source, Escaping.NONE);
    assertThatThrownBy(() -> template.render(DATA))
        .isInstanceOf(TemplateRenderException.class)
        .hasMessageContaining("too much work");
  }

  @Test
  void boundsWhatTheNamesATemplateSetsHold() {
    StringBuilder source = new StringBuilder(GROW_A);
    for (int i = 0; i < 10_000; i++) {
      source.append("{%set b").append(i).append("=a~1%}");
    }
    CompiledTemplate template = engine.compile(source.toString(), Escaping.NONE);
    assertThatThrownBy(() -> template.render(DATA))
        .isInstanceOf(TemplateRenderException.class)
        .hasMessageContaining("hold more than 1048576 characters");
  }

  @Test
  void countsOnlyWhatANameHoldsNow() {
    TemplateEngine small =
        new TemplateEngine(new TemplateLimits(10_000, 100, 100, 10_000, 10_000, 15));
    String ten = "{% set x = '0123456789' %}";
    assertThat(
            small
                .compile(
                    "{% for t in contact.tags %}"
                        + ten
                        + "{% endfor %}{% set x = '' %}"
                        + "{% set y = '0123456789' %}{{ y }}",
                    Escaping.NONE)
                .render(DATA))
        .isEqualTo("0123456789");
    assertThatThrownBy(
            () -> small.compile(ten + "{% set y = 'abcdef' %}", Escaping.NONE).render(DATA))
        .hasMessageContaining("hold more than 15 characters");
  }

  @Test
  void leavesRoomForWhatLargeMessagesDo() {
    String letter = "a b<c ".repeat(30_000);
    Map<String, Object> data = Map.of("vars", Map.of("letter", letter));
    assertThat(
            engine
                .compile(
                    "{% set l = vars.letter|replace('unsubscribe here', 'x')|trim %}"
                        + "{% if l contains 'a long sentence that is not there' %}!{% endif %}{{ l }}",
                    Escaping.NONE)
                .render(data))
        .isEqualTo(letter.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 1 / 0 }}",
        "{{ contact.name * 2 }}",
        "{% set c = vars.map %}{{ c }}",
        "{% for x in contact.name %}{% endfor %}",
        "{{ 'x' | date('yyyy') }}",
        "{{ current_date | date('QQQQ') }}",
        "{{ current_date | date('yyyy', 'Mars/Base') }}",
        "{{ 'x' | number }}",
        "{{ 'x' | abbreviate(0) }}"
      })
  void saysWhereAValueDidNotFit(String source) {
    CompiledTemplate template = engine.compile("first line\n  " + source, Escaping.NONE);
    assertThatThrownBy(() ->
            template.render(
                Map.of(
                    "contact",
                    Map.of("name", "Ada"),
                    "vars",
                    Map.of("map", Map.of("a", 1)),
                    "current_date",
                    "2026-05-01")))
        .isInstanceOfSatisfying(
            TemplateRenderException.class, e -> assertThat(e.line()).isEqualTo(2));
  }
}
