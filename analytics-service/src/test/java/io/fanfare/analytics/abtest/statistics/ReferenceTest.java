package io.fanfare.analytics.abtest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every statistic against what other programs computed. The figures, the programs with their
 * versions, and the command are in {@code statistics-reference.json}; what makes it is {@code
 * src/test/reference/statistics_reference.py}, which itself fails where a published table (Jennison
 * &amp; Turnbull 2000, 2.3 and 2.4; Newcombe 1998, II), the multivariate normal or a simulation
 * disagrees.
 */
class ReferenceTest {

  private static final JsonNode REFERENCE = read();

  // Of boundaries in standard errors; of probabilities a tenth of it.
  private static final double CLOSE = 1e-5;

  private static JsonNode read() {
    try (InputStream file =
        Objects.requireNonNull(
            ReferenceTest.class.getResourceAsStream("/statistics-reference.json"))) {
      return JsonMapper.builder().build().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void saysWhatMadeIt() {
    assertThat(REFERENCE.get("made_by").asString()).contains("SciPy 1.", "statsmodels 0.");
    assertThat(REFERENCE.get("command").asString()).contains("statistics_reference.py");
  }

  static Stream<JsonNode> sequential() {
    return cases("sequential");
  }

  @ParameterizedTest
  @MethodSource("sequential")
  void boundariesSpendAlphaByTime(JsonNode plan) {
    double alpha = plan.get("alpha").asDouble();
    double[] times = doubles(plan.get("times"));
    double[] information = doubles(plan.get("information"));
    double[] boundaries = GroupSequential.boundaries(alpha, times, information);
    assertThat(boundaries)
        .usingComparatorWithPrecision(CLOSE)
        .containsExactly(doubles(plan.get("boundaries")));
    assertThat(GroupSequential.spent(alpha, times[times.length - 1]))
        .isCloseTo(plan.get("crossing").asDouble(), within(CLOSE / 10));
    isCrossed(GroupSequential.crossing(boundaries, information, 0), plan);
  }

  static Stream<JsonNode> power() {
    return cases("power");
  }

  @ParameterizedTest
  @MethodSource("power")
  void whatDiffersIsFoundAsOften(JsonNode plan) {
    double[] times = evenly(plan.get("looks").asInt());
    double drift = plan.get("drift").asDouble();
    double[] boundaries = GroupSequential.boundaries(0.05, times, times);
    isCrossed(GroupSequential.crossing(boundaries, times, drift), plan);
  }

  /** By the recursion, by rectangle probabilities, by paths. */
  private static void isCrossed(double crossing, JsonNode reference) {
    assertThat(crossing).isCloseTo(reference.get("crossing").asDouble(), within(CLOSE / 10));
    assertThat(crossing).isCloseTo(reference.get("genz").asDouble(), within(CLOSE));
    assertThat(crossing)
        .isCloseTo(
            reference.get("simulated").asDouble(),
            within(4 * reference.get("simulated_error").asDouble()));
  }

  @Test
  void pValuesAreThoseOfTheBoundaries() {
    cases("p_values")
        .forEach(of ->
            assertThat(
                    GroupSequential.pValue(
                        of.get("z").asDouble(),
                        doubles(of.get("times")),
                        doubles(of.get("information"))))
                .as(of.toString())
                .isCloseTo(of.get("p").asDouble(), within(of.get("p").asDouble() * 1e-4)));
  }

  static Stream<JsonNode> classical() {
    return cases("classical");
  }

  @ParameterizedTest
  @MethodSource("classical")
  void classicalBoundsHaveTheirSizeAndInflation(JsonNode of) {
    int looks = of.get("looks").asInt();
    double alpha = of.get("alpha").asDouble();
    double[] bounds = new double[looks];
    for (int look = 1; look <= looks; look++) {
      bounds[look - 1] = of.get("constant").asDouble() * Math.sqrt((double) looks / look);
    }
    assertThat(GroupSequential.crossing(bounds, evenly(looks), 0))
        .isCloseTo(alpha, within(CLOSE / 10));
    for (double power : new double[] {0.8, 0.9}) {
      double drift = GroupSequential.driftFor(power, bounds, evenly(looks));
      double fixed = Normal.quantileAbove(alpha / 2) + Normal.quantileAbove(1 - power);
      assertThat(drift * drift / (fixed * fixed))
          .isCloseTo(of.get("inflation_%.0f".formatted(100 * power)).asDouble(), within(CLOSE));
    }
  }

  @Test
  void ratesDifferAsMuchAndTheirIntervalsAreAsWide() {
    cases("proportions")
        .forEach(of -> {
          Proportion control = proportion(of.get("control"));
          Proportion other = proportion(of.get("other"));
          double level = Normal.quantileAbove((1 - of.get("level").asDouble()) / 2);
          Interval interval = TwoProportions.interval(control, other, level);
          assertThat(interval.low()).isCloseTo(of.get("low").asDouble(), within(1e-9));
          assertThat(interval.high()).isCloseTo(of.get("high").asDouble(), within(1e-9));
          double z = TwoProportions.z(control, other);
          assertThat(z).isCloseTo(of.path("z").asDouble(0), within(1e-9));
          assertThat(2 * Normal.above(Math.abs(z)))
              .isCloseTo(of.path("p").asDouble(1), within(1e-9));
        });
  }

  @Test
  void meansDifferAsMuchAndTheirIntervalsAreAsWide() {
    cases("welch")
        .forEach(of -> {
          Moments control = moments(of.get("control"));
          Moments other = moments(of.get("other"));
          assertThat(Welch.t(control, other)).isCloseTo(of.get("t").asDouble(), within(1e-9));
          assertThat(Welch.degreesOfFreedom(control, other))
              .isCloseTo(of.get("df").asDouble(), within(1e-8));
          assertThat(Welch.z(control, other)).isCloseTo(of.get("z").asDouble(), within(1e-8));
          isAsWide(Welch.interval(control, other, Normal.quantileAbove(0.025)), of, "");
          isAsWide(Welch.interval(control, other, Normal.quantileAbove(0.0005)), of, "_999");
        });
  }

  private static void isAsWide(Interval interval, JsonNode of, String level) {
    assertThat(interval.low()).isCloseTo(of.get("low" + level).asDouble(), within(1e-7));
    assertThat(interval.high()).isCloseTo(of.get("high" + level).asDouble(), within(1e-7));
  }

  @Test
  void severalComparisonsAreAdjustedAlike() {
    cases("holm")
        .forEach(of ->
            assertThat(Holm.adjust(doubles(of.get("p"))))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(doubles(of.get("adjusted"))));
  }

  @Test
  void sizesAreAsUnlikely() {
    cases("sizes")
        .forEach(of -> {
          long[] observed = array(of.get("observed")).mapToLong(JsonNode::asLong).toArray();
          SampleRatio ratio = SampleRatio.of(observed, doubles(of.get("shares")));
          assertThat(ratio.chiSquare()).isCloseTo(of.get("chi_square").asDouble(), within(1e-9));
          assertThat(ratio.pValue()).isCloseTo(of.get("p").asDouble(), within(1e-12));
        });
  }

  static Stream<JsonNode> sampleSizes() {
    return cases("sample_sizes");
  }

  @ParameterizedTest
  @MethodSource("sampleSizes")
  void asManyAreNeededAndFindAsMuch(JsonNode of) {
    double baseline = of.get("baseline").asDouble();
    double rate = of.get("rate").asDouble();
    double power = of.get("power").asDouble();
    SampleSize size = new SampleSize(of.get("alpha").asDouble(), of.get("looks").asInt());
    assertThat(size.inflation(power)).isCloseTo(of.get("inflation").asDouble(), within(CLOSE));
    // Rounded up, so that a difference in the sixth digit may make one recipient.
    assertThat(size.perGroup(baseline, rate, power))
        .isBetween(of.get("per_group").asLong() - 1, of.get("per_group").asLong() + 1);
    assertThat(size.power(1_000, baseline, rate))
        .isCloseTo(of.get("power_of_1000").asDouble(), within(CLOSE));
    assertThat(size.power(of.get("per_group").asLong(), baseline, rate))
        .as("of 200,000 tests with counts of recipients")
        .isCloseTo(of.get("simulated_power").asDouble(), within(0.01));
  }

  @Test
  void theSameEffectsCanBeDetected() {
    cases("detectable")
        .forEach(of ->
            assertThat(
                    new SampleSize(of.get("alpha").asDouble(), 1)
                        .detectable(
                            of.get("per_group").asLong(),
                            of.get("baseline").asDouble(),
                            of.get("power").asDouble())
                        .orElseThrow())
                .isCloseTo(of.get("effect").asDouble(), within(1e-6)));
  }

  /** What boundaries that took time for information would do. */
  @Test
  void timeIsNoInformation() {
    double[] boundaries = GroupSequential.boundaries(0.05, evenly(5), evenly(5));
    JsonNode of = REFERENCE.get("time_for_information");
    isCrossed(
        GroupSequential.crossing(boundaries, odds(0.5, 0.75, 0.87, 0.95, 1), 0), of.get("early"));
    isCrossed(
        GroupSequential.crossing(boundaries, odds(0.06, 0.13, 0.25, 0.5, 1), 0), of.get("late"));
    assertThat(of.at("/early/crossing").asDouble()).isCloseTo(0.044, within(0.0005));
    assertThat(of.at("/late/crossing").asDouble()).isCloseTo(0.060, within(0.0005));
  }

  private static double[] odds(double... answered) {
    return Arrays.stream(answered).map(share -> share / (1 - 0.06 * share)).toArray();
  }

  private static Stream<JsonNode> cases(String name) {
    return array(REFERENCE.get(name));
  }

  private static Stream<JsonNode> array(JsonNode node) {
    assertThat(node.isEmpty()).isFalse();
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static double[] doubles(JsonNode node) {
    return array(node).mapToDouble(JsonNode::asDouble).toArray();
  }

  private static Proportion proportion(JsonNode node) {
    return new Proportion(node.get(0).asLong(), node.get(1).asLong());
  }

  private static Moments moments(JsonNode node) {
    double[] values = doubles(node);
    return new Moments(
        values.length,
        Arrays.stream(values).sum(),
        Arrays.stream(values).map(value -> value * value).sum());
  }

  private static double[] evenly(int looks) {
    double[] times = new double[looks];
    for (int look = 1; look <= looks; look++) {
      times[look - 1] = (double) look / looks;
    }
    return times;
  }
}
