package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.statistics.GroupSequential;
import io.fanfare.analytics.abtest.statistics.Holm;
import io.fanfare.analytics.abtest.statistics.Interval;
import io.fanfare.analytics.abtest.statistics.SampleRatio;
import io.fanfare.analytics.abtest.statistics.TwoProportions;
import io.fanfare.analytics.abtest.statistics.Welch;
import io.fanfare.contract.abtest.AbTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the figures of one moment say.
 *
 * @param figures of every variant, the control first
 * @param information how much they tell; 0 before anybody converted
 * @param ratio whether the variants' sizes are as planned
 * @param sending they are not, and those still to be sent to would make them so: nothing is wrong
 * @param enough every variant has the minimum sample
 * @param comparisons every other variant against the control, in the order of the plan
 */
record LookEvaluation(
    List<VariantFigures> figures,
    double information,
    SampleRatio ratio,
    boolean sending,
    boolean enough,
    List<Comparison> comparisons) {

  /**
   * @param time the share of the planned duration whose alpha may be spent
   * @param tested the looks before that spent some of it
   */
  static LookEvaluation of(
      AbTest plan, double time, List<TestedLook> tested, List<VariantFigures> figures) {
    double information = information(plan, figures);
    SampleRatio ratio = ratio(plan, figures);
    boolean enough = figures.stream().allMatch(of -> of.sent() >= plan.minimumSample());
    boolean decidable = enough && !ratio.isMismatch();
    List<Comparison> comparisons =
        new Comparing(plan, path(tested, time, information), figures).all(decidable);
    return new LookEvaluation(
        figures, information, ratio, isSending(plan, figures), enough, comparisons);
  }

  /** The same with p-values, which take some hundred times as long to find as significance. */
  LookEvaluation withPValues(double time, List<TestedLook> tested) {
    List<TestedLook> path = path(tested, time, information);
    double[] own =
        comparisons.stream()
            .mapToDouble(comparison -> information <= 0 ? 1 : pValue(comparison.z(), path))
            .toArray();
    double[] adjusted = Holm.adjust(own);
    List<Comparison> complete = new ArrayList<>();
    for (int at = 0; at < own.length; at++) {
      complete.add(comparisons.get(at).withPValues(own[at], adjusted[at]));
    }
    return new LookEvaluation(figures, information, ratio, sending, enough, List.copyOf(complete));
  }

  private static double pValue(double z, List<TestedLook> path) {
    return GroupSequential.pValue(z, times(path), informations(path));
  }

  /**
   * In what proportion the looks tell the same. Of rates it is the recipients who converted over
   * the share who did not: the correlation of two looks is then right both when more recipients
   * come and when more of the same ones convert. Of values it is the sum's variance.
   */
  private static double information(AbTest plan, List<VariantFigures> figures) {
    if (plan.metric() == AbTest.Metric.CUSTOM_VALUE) {
      return figures.stream()
          .map(VariantFigures::moments)
          .mapToDouble(moments -> moments.count() * moments.variance())
          .sum();
    }
    long sent = figures.stream().mapToLong(of -> of.proportion().trials()).sum();
    long converted = figures.stream().mapToLong(of -> of.proportion().successes()).sum();
    return converted == 0 ? 0 : converted / (1 - converted / (sent + 1.0));
  }

  private static SampleRatio ratio(AbTest plan, List<VariantFigures> figures) {
    return ratio(plan, figures.stream().mapToLong(VariantFigures::sent).toArray());
  }

  /** The sizes are not as planned, and would be if everybody left were sent to. */
  static boolean isSending(AbTest plan, List<VariantFigures> figures) {
    return ratio(plan, figures).isMismatch()
        && !ratio(plan, figures.stream().mapToLong(of -> of.sent() + of.unsent()).toArray())
            .isMismatch();
  }

  private static SampleRatio ratio(AbTest plan, long[] sizes) {
    return SampleRatio.of(
        sizes, plan.variants().stream().mapToDouble(AbTest.Variant::percent).toArray());
  }

  private static List<TestedLook> path(List<TestedLook> tested, double time, double information) {
    return Stream.concat(
            tested.stream().filter(look -> look.time() < time && look.information() > 0),
            Stream.of(new TestedLook(time, information)))
        .toList();
  }

  private static double[] times(List<TestedLook> path) {
    return path.stream().mapToDouble(TestedLook::time).toArray();
  }

  private static double[] informations(List<TestedLook> path) {
    return path.stream().mapToDouble(TestedLook::information).toArray();
  }

  /** Every variant against the control. */
  private record Comparing(AbTest plan, List<TestedLook> path, List<VariantFigures> figures) {

    List<Comparison> all(boolean decidable) {
      List<VariantFigures> others = figures.subList(1, figures.size());
      double[] z = others.stream().mapToDouble(this::z).toArray();
      if (path.getLast().information() <= 0) {
        return others.stream()
            .map(other ->
                new Comparison(
                    other.variant(), difference(other), null, 0, null, null, null, false))
            .toList();
      }
      double[] order = new double[z.length];
      for (int at = 0; at < z.length; at++) {
        order[at] = -Math.abs(z[at]);
      }
      double widest = boundary(z.length);
      Comparison[] comparisons = new Comparison[z.length];
      boolean open = decidable;
      double boundary = widest;
      int left = z.length;
      for (int at : Holm.ascending(order)) {
        // After the first that does not pass, none of the others is tried: they keep its boundary.
        if (open && left < z.length) {
          boundary = boundary(left);
        }
        open = open && Math.abs(z[at]) >= boundary;
        left--;
        VariantFigures other = others.get(at);
        comparisons[at] =
            new Comparison(
                other.variant(),
                difference(other),
                interval(other, widest),
                z[at],
                boundary,
                null,
                null,
                open);
      }
      return List.of(comparisons);
    }

    /** Of this look, where so many comparisons share alpha. */
    private double boundary(int sharing) {
      double[] boundaries =
          GroupSequential.boundaries(plan.alpha() / sharing, times(path), informations(path));
      return boundaries[boundaries.length - 1];
    }

    private double difference(VariantFigures other) {
      return other.result(plan.metric()) - figures.getFirst().result(plan.metric());
    }

    private double z(VariantFigures other) {
      VariantFigures control = figures.getFirst();
      return isOfValues()
          ? Welch.z(control.moments(), other.moments())
          : TwoProportions.z(control.proportion(), other.proportion());
    }

    private Interval interval(VariantFigures other, double z) {
      VariantFigures control = figures.getFirst();
      return isOfValues()
          ? Welch.interval(control.moments(), other.moments(), z)
          : TwoProportions.interval(control.proportion(), other.proportion(), z);
    }

    private boolean isOfValues() {
      return plan.metric() == AbTest.Metric.CUSTOM_VALUE;
    }
  }
}
