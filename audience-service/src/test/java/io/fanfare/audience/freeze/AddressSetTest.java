package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void agreesWithASetOfTheAddresses(long seed) {
    Random random = new Random(seed);
    AddressSet texts = new AddressSet();
    AddressSet numbers = new AddressSet();
    Set<Object> expected = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      long number = random.nextLong(-30_000, 30_000);
      assertThat(numbers.add(number)).isEqualTo(expected.add(number));
      String text = "a" + random.nextInt(30_000) + "@example.org";
      assertThat(texts.add(text)).isEqualTo(expected.add(text));
    }
  }
}
