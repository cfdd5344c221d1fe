package io.fanfare.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateFuzzTest {

  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "#}",
          "-",
          " ",
          "\n",
          "\r\n",
          "\\",
          "'",
          "\"",
          "#{",
          "if ",
          "elseif ",
          "else",
          "endif",
          "for ",
          "in ",
          "endfor",
          "set ",
          "x",
          "contact",
          ".",
          "name",
          "tags",
          "custom",
          "loop",
          "|",
          "upper",
          "default",
          "date",
          "number",
          "join",
          "replace",
          "abbreviate",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          "=",
          "==",
          "!=",
          ">",
          "<",
          ">=",
          "+",
          "*",
          "/",
          "%",
          "~",
          "..",
          "?",
          ":",
          "1",
          "0",
          "9999999999",
          "2.5",
          "'a'",
          "'yyyy'",
          "not ",
          "and ",
          "or ",
          "is ",
          "is not ",
          "empty",
          "contains ",
          "true",
          "null",
          "é",
          "😀",
          "\u0000",
          "&",
          "<b>",
          "{{ x }}",
          "{% if x %}",
          "{% endif %}",
          "{% for t in contact.tags %}",
          "{% endfor %}",
          "{% set x = x ~ x %}",
          "{{ contact.tags | join(x) }}");

  private static final Map<String, Object> DATA =
      Map.of(
          "contact",
          Map.of("name", "Ada", "tags", List.of("a", 1, true), "custom", Map.of("n", 2.5)),
          "x",
          "text");

  private final TemplateEngine engine = new TemplateEngine();

  @ParameterizedTest
  @ValueSource(longs = {1, 20260501, 987654321})
  void garbageEndsInOneOfTheTwoExceptionsAndSoon(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rendered = 0;
    for (int round = 0; round < 20_000; round++) {
      String source = garbage(random);
      long start = System.nanoTime();
      try {
        engine.compile(source, Escaping.HTML).render(DATA);
        rendered++;
      } catch (TemplateSyntaxException e) {
        assertThat(e.line()).isPositive();
        assertThat(e.column()).isPositive();
      } catch (TemplateRenderException e) {
        assertThat(e.line()).isPositive();
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", round " + round + ": " + source, e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("seed %s, round %s: %s", seed, round, source)
          // Far more than a busy machine holds anything up, far less than what runs away.
          .isLessThan(Duration.ofSeconds(60));
    }
    assertThat(rendered).as("rounds that were templates, seed %s", seed).isPositive();
  }

  private static String garbage(SplittableRandom random) {
    StringBuilder source = new StringBuilder();
    int pieces = 1 + random.nextInt(30);
    for (int i = 0; i < pieces; i++) {
      source.append(
          random.nextInt(20) == 0
              ? String.valueOf((char) random.nextInt(0x2100))
              : PIECES.get(random.nextInt(PIECES.size())));
    }
    return source.toString();
  }

  @Test
  void oneTemplateRendersInManyThreadsAtOnce() throws Exception {
    CompiledTemplate template =
        engine.compile(
            "{% set y = x %}{% for t in contact.tags %}{{ t }}{{ y }}{% endfor %}", Escaping.HTML);
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(n ->
                Thread.ofVirtual()
                    .start(() -> {
                      for (int i = 0; i < 1_000; i++) {
                        String text =
                            template.render(
                                Map.of("contact", Map.of("tags", List.of(n, i)), "x", "-"));
                        if (!text.equals(n + "-" + i + "-")) {
                          wrong.add(text);
                        }
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
  }
}
