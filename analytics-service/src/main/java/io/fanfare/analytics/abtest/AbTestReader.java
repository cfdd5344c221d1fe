package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.AbTestResults.AbTestComparison;
import io.fanfare.analytics.abtest.AbTestResults.AbTestDeclaration;
import io.fanfare.analytics.abtest.AbTestResults.AbTestLook;
import io.fanfare.analytics.abtest.AbTestResults.AbTestNextLook;
import io.fanfare.analytics.abtest.AbTestResults.AbTestSampleRatio;
import io.fanfare.analytics.abtest.AbTestResults.AbTestVariant;
import io.fanfare.analytics.abtest.statistics.SampleSize;
import io.fanfare.contract.abtest.AbTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Shows a test as of one moment. */
@Service
class AbTestReader {

  private static final double POWER = 0.8;

  private final AbTestRepository tests;
  private final LookRepository looks;

  AbTestReader(AbTestRepository tests, LookRepository looks) {
    this.tests = tests;
    this.looks = looks;
  }

  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Optional<AbTestResults> find(UUID tenantId, UUID broadcastId) {
    return tests.find(tenantId, broadcastId).map(this::results);
  }

  private AbTestResults results(StoredTest test) {
    AbTest plan = test.plan();
    List<StoredLook> taken = looks.find(test.broadcastId());
    LookEvaluation now = now(test, taken);
    Map<String, Long> audience = looks.audience(test);
    List<Long> sizes =
        plan.variants().stream().map(of -> audience.getOrDefault(of.id(), 0L)).toList();
    AbTestPower power = audience.isEmpty() ? null : AbTestPower.of(plan, sizes);
    return new AbTestResults(
        test.broadcastId(),
        test.state(),
        AbTestDeclaration.of(plan),
        test.startedAt(),
        test.pausedAt(),
        power,
        audience.isEmpty() ? List.of() : AbTestWarning.of(plan, sizes, power),
        variants(plan, now.figures()),
        detectable(plan, now.figures()),
        AbTestSampleRatio.of(now.ratio().chiSquare(), now.ratio().pValue(), now.sending()),
        now.comparisons().stream().map(found -> AbTestComparison.of(found, false)).toList(),
        taken.stream().map(look -> look(plan, look)).toList(),
        nextLook(test),
        test.recommended(),
        test.winner(),
        test.decidedBy(),
        test.decidedAt(),
        test.decidedActor());
  }

  /** As if the next look were now; after the last one, as if that were. */
  private LookEvaluation now(StoredTest test, List<StoredLook> taken) {
    int look = Math.min(test.looksDone() + 1, test.plan().looks().size());
    double time = test.timeOf(look);
    List<TestedLook> tested =
        taken.stream()
            .filter(StoredLook::tested)
            .map(before -> new TestedLook(before.time(), before.information()))
            .toList();
    return LookEvaluation.of(test.plan(), time, tested, looks.figures(test))
        .withPValues(time, tested);
  }

  /** What so few can show: people should know when they cannot expect a winner. */
  private static @Nullable Double detectable(AbTest plan, List<VariantFigures> figures) {
    double baseline = figures.getFirst().proportion().rate();
    long fewest = figures.stream().mapToLong(VariantFigures::sent).min().orElse(0);
    if (plan.metric() == AbTest.Metric.CUSTOM_VALUE
        || fewest == 0
        || baseline <= 0
        || baseline >= 1) {
      return null;
    }
    double[] times = plan.looks().stream().mapToDouble(Double::doubleValue).toArray();
    SampleSize size = new SampleSize(plan.alpha() / (figures.size() - 1), times);
    return size.detectable(fewest, baseline, POWER).stream().boxed().findFirst().orElse(null);
  }

  private static AbTestLook look(AbTest plan, StoredLook look) {
    return new AbTestLook(
        look.look(),
        look.time(),
        look.at(),
        look.verdict(),
        look.reason(),
        look.information(),
        AbTestSampleRatio.of(
            look.chiSquare(), look.ratioPValue(), LookEvaluation.isSending(plan, look.figures())),
        variants(plan, look.figures()),
        look.comparisons().stream().map(found -> AbTestComparison.of(found, true)).toList());
  }

  private static List<AbTestVariant> variants(AbTest plan, List<VariantFigures> figures) {
    return figures.stream().map(of -> variant(plan, of)).toList();
  }

  private static AbTestVariant variant(AbTest plan, VariantFigures figures) {
    AbTest.Variant declared =
        plan.variants().stream()
            .filter(variant -> variant.id().equals(figures.variant()))
            .findFirst()
            .orElseThrow();
    return new AbTestVariant(
        declared.id(),
        declared.name(),
        declared.percent(),
        figures.sent(),
        figures.unsent(),
        figures.converted(),
        figures.proportion().rate(),
        plan.metric() == AbTest.Metric.CUSTOM_VALUE ? figures.moments().mean() : null);
  }

  private static @Nullable AbTestNextLook nextLook(StoredTest test) {
    var at = test.nextLookAt();
    if (at == null) {
      return null;
    }
    int look = test.looksDone() + 1;
    return new AbTestNextLook(look, test.timeOf(look), test.pausedAt() == null ? at : null);
  }
}
