package io.fanfare.audience.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The served schema and the reader say the same of what is right. */
class FilterSchemaTest {

  @Test
  void readerTakesEveryExampleOfTheSchema() {
    assertThat(FilterSchema.examples()).hasSizeGreaterThan(20);
    for (JsonNode example : FilterSchema.examples()) {
      List<FieldProblem> problems = new ArrayList<>();
      Filter filter = FilterReader.read(example, "", problems);
      assertThat(problems).as("%s", example).isEmpty();
      assertThat(FilterSchema.accepts(example)).as("%s", example).isTrue();
      JsonNode written = FilterWriter.write(filter);
      assertThat(FilterSchema.accepts(written)).as("%s", written).isTrue();
      assertThat(FilterReader.read(written, "", problems)).isEqualTo(filter);
    }
  }

  @Test
  void examplesShowEveryKindOfLeaf() {
    Set<Class<?>> shown =
        FilterSchema.examples().stream()
            .map(example -> FilterReader.read(example, "", new ArrayList<>()))
            .flatMap(Filters::nodes)
            .map(Object::getClass)
            .collect(Collectors.toSet());
    assertThat(shown).containsAll(kindsOf(Filter.Leaf.class).toList());
  }

  /** The records of a sealed interface, those of interfaces below it included. */
  private static Stream<Class<?>> kindsOf(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(FilterSchemaTest::kindsOf)
        : Stream.of(type);
  }

  @Test
  void schemaTakesWhateverIsWritten() {
    var filters =
        new RandomFilters(
            new Random(1), List.of(UUID.randomUUID()), List.of(UUID.randomUUID()), List.of(7L));
    for (int i = 0; i < 300; i++) {
      JsonNode written = FilterWriter.write(filters.tree(4));
      assertThat(FilterSchema.accepts(written)).as("%s", written).isTrue();
    }
  }
}
