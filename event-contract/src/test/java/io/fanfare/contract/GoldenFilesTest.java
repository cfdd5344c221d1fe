package io.fanfare.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.delivery.DeliveryProgress;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bytes of every event, as checked in. Run with {@code -Dgolden.write=true} to write them anew
 * after an addition; a field that vanishes or changes its form breaks consumers and must not
 * happen.
 */
class GoldenFilesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Stream<Arguments> samples() {
    return Samples.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  static Stream<Arguments> requiredComponents() {
    List<Arguments> cases = new ArrayList<>();
    Samples.all()
        .forEach((name, event) -> {
          for (RecordComponent component : event.getClass().getRecordComponents()) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
              cases.add(Arguments.of(name, event, snakeCase(component.getName())));
            }
          }
        });
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void isWrittenAndReadAsCheckedIn(String name, Record event) throws IOException {
    Path file = GOLDEN.resolve(name + ".json");
    if (Boolean.getBoolean("golden.write")) {
      Object tree = JSON.readTree(EventCodec.encode(event));
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
    }
    byte[] golden = Files.readAllBytes(file);
    assertThat(JSON.readTree(EventCodec.encode(event))).isEqualTo(JSON.readTree(golden));
    assertThat(EventCodec.decode(event.getClass(), golden)).isEqualTo(event);
  }

  @ParameterizedTest(name = "{0} without {2}")
  @MethodSource("requiredComponents")
  void refusesAnEventWithoutARequiredField(String name, Record event, String field) {
    ObjectNode tree = (ObjectNode) JSON.readTree(EventCodec.encode(event));
    assertThat(tree.remove(field)).as("field %s of %s", field, name).isNotNull();
    byte[] bytes = JSON.writeValueAsBytes(tree);
    assertThatThrownBy(() -> EventCodec.decode(event.getClass(), bytes))
        .isInstanceOf(UndecodableEvent.class);
  }

  @Test
  void ignoresAFieldItDoesNotKnow() {
    Record event = Samples.all().get("broadcast.control");
    ObjectNode tree = (ObjectNode) JSON.readTree(EventCodec.encode(event));
    tree.put("of_a_later_version", 1);
    assertThat(EventCodec.decode(event.getClass(), JSON.writeValueAsBytes(tree))).isEqualTo(event);
  }

  @Test
  void readsCountersThatWereWrittenBeforeAnybodyFellBack() {
    ObjectNode tree =
        (ObjectNode) JSON.readTree(EventCodec.encode(Samples.all().get("delivery.progress")));
    ((ObjectNode) tree.get("counts")).remove("fell_back");
    DeliveryProgress read = EventCodec.decode(DeliveryProgress.class, JSON.writeValueAsBytes(tree));
    assertThat(read.counts().fallenBack()).isZero();
    assertThat(read.counts().counted()).isEqualTo(1 + 2 + 3 + 4 + 5 + 6 + 7);
  }

  @Test
  void refusesWhatIsNoEvent() {
    byte[] garbage = "not json".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EventCodec.decode("broadcast.control", garbage))
        .isInstanceOf(UndecodableEvent.class);
    assertThatThrownBy(() -> EventCodec.decode("no.such.type", garbage))
        .isInstanceOf(UndecodableEvent.class);
    assertThatThrownBy(() -> EventCodec.decode((String) null, garbage))
        .isInstanceOf(UndecodableEvent.class);
    assertThatThrownBy(() -> EventCodec.decode("broadcast.control", null))
        .isInstanceOf(UndecodableEvent.class);
  }

  @Test
  void hasASampleOfEveryClass() {
    assertThat(Samples.all().values().stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            EventCodec.types().values().stream().distinct().toList());
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase();
  }
}
