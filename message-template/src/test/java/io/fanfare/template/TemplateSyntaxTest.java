package io.fanfare.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateSyntaxTest {

  private final TemplateEngine engine = new TemplateEngine();

  private TemplateSyntaxException fault(String source) {
    TemplateSyntaxException fault =
        catchThrowableOfType(
            TemplateSyntaxException.class, () -> engine.compile(source, Escaping.HTML));
    assertThat(fault).as(source).isNotNull();
    return fault;
  }

  /** A # in the source is a line break. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "Hi {{ contact.name ;1;4;this tag is never closed with }}",
        "a#b {% if x %}c ;2;6;{% if %} is never closed with {% endif %}",
        "a#{% for x in y %}#{% endif %};3;4;{% endif %} stands where {% endfor %} is expected",
        "{% endif %};1;4;{% endif %} closes nothing",
        "{% else %};1;4;{% else %} closes nothing",
        "#  {% include 'x' %};2;6;unknown tag \"include\": allowed are if, for and set",
        "{{ contact.name | nope }};1;19;unknown filter \"nope\"",
        "{{ contact.name | raw }};1;19;unknown filter \"raw\"",
        "{{ x is prime }};1;9;unknown test \"prime\"",
        "{{ range(1, 9) }};1;4;functions and methods cannot be called",
        "{{ contact.name.getClass() }};1;17;functions and methods cannot be called",
        "{{ (x)(1) }};1;6;functions and methods cannot be called",
        "{{ 1..9 }};1;5;ranges are not allowed",
        "{{ {'a': 1} }};1;4;maps cannot be written in a template",
        "{{ [x] }};1;5;a list may hold written texts and numbers only",
        "{{ 'abc }};1;4;this text is never closed with '",
        "#{# never;2;1;this comment is never closed with #}",
        "{{ a § b }};1;6;unexpected character §",
        "{{ a b }};1;6;unexpected b",
        "{{ a + }};1;8;something is missing before }}",
        "{{ }};1;4;something is missing before }}",
        "{{ (a }};1;7;something is missing before }}",
        "{% if %}x{% endif %};1;7;something is missing before %}",
        "{% for in x %}{% endfor %};1;11;unexpected x",
        "{% set x %};1;10;something is missing before %}",
        "{% set contact = 1 %};1;4;contact is taken: choose another name",
        "{{ 'a' | abbreviate }};1;10;the filter abbreviate takes 1 argument",
        "{{ 'a' | upper(1) }};1;10;the filter upper takes no argument",
        "{{ 'a' | abbreviate(length=3) }};1;10;arguments are given by their order, not by name",
        "{{ contact[vars.x] }};1;12;in square brackets only a written text or number is allowed",
        "{{ contact }};1;4;contact is a group of values: name one of them, as in contact.name",
        "{{ 1234567890123456 }};1;4;this number has more than 15 digits",
      })
  void pointsAtTheFault(String source, int line, int column, String message) {
    TemplateSyntaxException fault =
        fault(
            source
                .replace("{#", "\0")
                .replace("#}", "\1")
                .replace('#', '\n')
                .replace("\0", "{#")
                .replace("\1", "#}"));
    assertThat(fault).hasMessage(message);
    assertThat(fault.line()).as("line").isEqualTo(line);
    assertThat(fault.column()).as("column").isEqualTo(column);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% import 'x' %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% parallel %}{% endparallel %}",
        "{% cache 'x' %}{% endcache %}",
        "{% verbatim %}{{ x }}{% endverbatim %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% filter upper %}{% endfilter %}",
        "{% embed 'x' %}{% endembed %}",
        "{{ parent() }}",
        "{{ block('x') }}",
        "{{ i18n('a', 'b') }}",
        "{{ x matches '(a+)+' }}",
        "{{ x | sort }}",
        "{{ x | format(1) }}",
        "{{ \"#{x}\" }}{{ if(x) }}"
      })
  void refusesWhatIsNotOnTheList(String source) {
    fault(source);
  }

  @Test
  void countsLinesAsEditorsDo() {
    TemplateSyntaxException fault = fault("a\r\nb\rc\n {{ x | nope }}");
    assertThat(fault.line()).isEqualTo(4);
    assertThat(fault.column()).isEqualTo(9);
  }

  @Test
  void boundsSourceNestingAndTags() {
    assertThat(fault("x".repeat(256 * 1024 + 1))).hasMessageContaining("longer than 262144");
    assertThat(fault("{% if x %}".repeat(17) + "{% endif %}".repeat(17)))
        .hasMessageContaining("nested more than 16");
    assertThat(fault("{{ " + "(".repeat(300) + "x" + ")".repeat(300) + " }}"))
        .hasMessageContaining("too long");
  }

  @Test
  void deepestAllowedExpressionsFitASmallStack() throws Exception {
    int half = TemplateLexer.MAX_TOKENS_IN_TAG / 2;
    String nested = "{{ " + "(".repeat(half - 1) + "x" + ")".repeat(half - 1) + " }}";
    String negated = "{{ " + "not ".repeat(half * 2 - 1) + "x }}";
    String chained = "{{ x" + " + 1".repeat(half - 1) + " }}";
    StringBuilder seen = new StringBuilder();
    Thread thread =
        new Thread(
            null,
            () -> {
              for (String source : new String[] {nested, negated, chained}) {
                seen.append(
                    engine
                        .compile(source, Escaping.NONE)
                        .render(java.util.Map.of("x", 1))
                        .length());
              }
            },
            "small-stack",
            512 * 1024);
    thread.start();
    thread.join();
    assertThat(seen).hasToString("153");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{{ contact.name }}{{ contact.custom.city }}{{ current_date }};"
            + "[contact.custom.city, contact.name, current_date]",
        "{% for t in contact.tags %}{{ t }}{{ t.x }}{{ loop.index }}{% endfor %};[contact.tags]",
        "{% set x = contact.name | upper %}{{ x }};[contact.name]",
        "{{ contact.custom.address.city }}{{ contact.tags[0] }};"
            + "[contact.custom.address, contact.tags]",
        "{{ contact['email'] | default(vars.fallback) }};[contact.email, vars.fallback]",
        "{% if contact.country == 'DE' and vars.sale %}{{ broadcast.name }}{% endif %};"
            + "[broadcast.name, contact.country, vars.sale]",
        "{{ x.y.z }}{{ loop.index }};[loop.index, x.y]",
        "plain text;[]",
      })
  void listsTheVariablesFromOutside(String source, String variables) {
    assertThat(engine.compile(source, Escaping.NONE).variables()).hasToString(variables);
  }
}
