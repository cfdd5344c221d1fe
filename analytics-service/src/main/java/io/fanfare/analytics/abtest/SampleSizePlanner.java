package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.SampleSizeRequest.EffectKind;
import io.fanfare.analytics.abtest.statistics.SampleSize;
import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what somebody asks about a test to come, notes what is wrong with it, and answers. */
final class SampleSizePlanner {

  private static final double SMALLEST_EFFECT = 1e-6;
  private static final long LARGEST_SAMPLE = 1_000_000_000;

  private final SampleSizeRequest request;
  private final List<FieldProblem> problems = new ArrayList<>();
  private final double baseline;
  private final double alpha;
  private final double power;
  private final int looks;
  private final int variants;
  private final @Nullable Double effect;

  SampleSizePlanner(SampleSizeRequest request) {
    this.request = request;
    baseline = baseline();
    alpha = within("/alpha", request.alpha(), 0.05, 0.001, 0.2);
    power = within("/power", request.power(), 0.8, 0.5, 0.99);
    looks = (int) within("/looks", number(request.looks()), 1, 1, 5);
    variants = (int) within("/variants", number(request.variants()), 2, 2, 8);
    effect = effect();
    Long sample = request.sample();
    if (sample != null && (sample < 10 || sample > LARGEST_SAMPLE)) {
      problems.add(new FieldProblem("/sample", "must be 10 to " + LARGEST_SAMPLE));
    }
    if (request.effect() == null && sample == null) {
      problems.add(new FieldProblem("/effect", "is missing, and so is a sample"));
    }
  }

  /** What is wrong; empty when it can be answered. */
  List<FieldProblem> problems() {
    return List.copyOf(problems);
  }

  SampleSizeAnswer answer() {
    SampleSize size = new SampleSize(alpha / (variants - 1), looks);
    Long sample = request.sample();
    if (sample == null) {
      double rate = baseline + (effect == null ? 0 : effect);
      return answer(size, size.perGroup(baseline, rate, power), rate, power, null);
    }
    Double smallest =
        size.detectable(sample, baseline, power).stream().boxed().findFirst().orElse(null);
    if (effect == null) {
      Double rate = smallest == null ? null : (Double) (baseline + smallest);
      return answer(size, sample, rate, power, smallest);
    }
    double rate = baseline + effect;
    return answer(size, sample, rate, size.power(sample, baseline, rate), smallest);
  }

  private SampleSizeAnswer answer(
      SampleSize size,
      long perVariant,
      @Nullable Double rate,
      double reached,
      @Nullable Double detectable) {
    Double difference = rate == null ? null : (Double) (rate - baseline);
    return new SampleSizeAnswer(
        perVariant,
        perVariant * variants,
        baseline,
        rate,
        difference,
        difference == null ? null : (Double) (difference / baseline),
        reached,
        detectable,
        alpha,
        alpha / (variants - 1),
        looks,
        variants,
        size.inflation(power),
        Arrays.stream(size.boundaries()).boxed().toList());
  }

  private double baseline() {
    Double value = request.baseline();
    if (value == null) {
      problems.add(new FieldProblem("/baseline", "is missing"));
      return 0.5;
    }
    if (!(value >= SMALLEST_EFFECT && value <= 1 - SMALLEST_EFFECT)) {
      problems.add(new FieldProblem("/baseline", "must be more than 0 and less than 1"));
      return 0.5;
    }
    return value;
  }

  /** As a difference of rates. */
  private @Nullable Double effect() {
    Double value = request.effect();
    if (value == null) {
      return null;
    }
    double absolute =
        request.effectKind() == EffectKind.RELATIVE ? value * baseline : (double) value;
    if (!(Math.abs(absolute) >= SMALLEST_EFFECT)) {
      problems.add(new FieldProblem("/effect", "must not be 0, nor smaller than a millionth"));
    } else if (!(baseline + absolute > 0 && baseline + absolute < 1)) {
      problems.add(
          new FieldProblem("/effect", "makes a rate that is not more than 0 and less than 1"));
    }
    return absolute;
  }

  private double within(
      String pointer, @Nullable Double value, double otherwise, double least, double most) {
    if (value == null) {
      return otherwise;
    }
    if (!(value >= least && value <= most)) {
      problems.add(
          new FieldProblem(pointer, "must be %s to %s".formatted(text(least), text(most))));
      return otherwise;
    }
    return value;
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private static @Nullable Double number(@Nullable Integer value) {
    return value == null ? null : (Double) value.doubleValue();
  }
}
