package io.fanfare.model;

import static io.fanfare.model.Fault.CANCEL;
import static io.fanfare.model.Fault.CRASH;
import static io.fanfare.model.Fault.LOST_ANSWER;
import static io.fanfare.model.Fault.LOST_RECORD;
import static io.fanfare.model.Fault.MIDNIGHT;
import static io.fanfare.model.Fault.PAUSE;
import static io.fanfare.model.Fault.PROVIDER;
import static io.fanfare.model.Fault.REDELIVERY;
import static io.fanfare.model.Fault.REQUEUE;
import static io.fanfare.model.Fault.RESEND;
import static io.fanfare.model.Fault.STALE;
import static io.fanfare.model.Fault.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guarantees hold in every world within the stated faults, and each rule left out is noticed.
 */
class ModelTest {

  private static final int MOST_STATES = 1_000_000;

  static Stream<Map<Fault, Integer>> neverTwice() {
    return Stream.of(
        Map.of(CRASH, 1, PROVIDER, 1, PAUSE, 1),
        Map.of(CRASH, 1, LOST_ANSWER, 1, REDELIVERY, 1),
        Map.of(CRASH, 1, LOST_RECORD, 1, REDELIVERY, 1),
        Map.of(STOP, 1, CRASH, 1, RESEND, 1),
        Map.of(STOP, 1, PROVIDER, 1, RESEND, 1),
        Map.of(STOP, 1, RESEND, 1, REDELIVERY, 1),
        Map.of(STOP, 1, LOST_ANSWER, 1, PAUSE, 1),
        Map.of(PROVIDER, 2, REQUEUE, 1, CANCEL, 1),
        Map.of(PAUSE, 2, CANCEL, 1, STALE, 1),
        Map.of(CRASH, 1, CANCEL, 1, RESEND, 1, MIDNIGHT, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("neverTwice")
  void everyGuaranteeHoldsUnderNeverTwice(Map<Fault, Integer> budget) {
    assertThat(search(budget, Mutation.NONE, DeliveryPolicy.NEVER_TWICE).broken()).isNull();
  }

  static Stream<Map<Fault, Integer>> atLeastOnce() {
    return Stream.of(
        Map.of(CRASH, 1, PAUSE, 1),
        Map.of(STOP, 1, CRASH, 1),
        Map.of(STOP, 1, PROVIDER, 1),
        Map.of(STOP, 1, PAUSE, 1),
        Map.of(STOP, 1, CANCEL, 1),
        Map.of(STOP, 1, REDELIVERY, 1),
        Map.of(STOP, 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("atLeastOnce")
  void conservationAndAnEndForEverybodyHoldUnderAtLeastOnce(Map<Fault, Integer> budget) {
    assertThat(search(budget, Mutation.NONE, DeliveryPolicy.AT_LEAST_ONCE).broken()).isNull();
  }

  static Stream<Map<Fault, Integer>> fallback() {
    return Stream.of(
        Map.of(PROVIDER, 2),
        Map.of(PROVIDER, 1, CRASH, 1),
        Map.of(PROVIDER, 1, REDELIVERY, 1),
        Map.of(PROVIDER, 1, LOST_ANSWER, 1),
        Map.of(PROVIDER, 1, CANCEL, 1),
        Map.of(PROVIDER, 1, PAUSE, 1),
        Map.of(PROVIDER, 2, RESEND, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fallback")
  void aContactIsReachedOnOneChannelOnlyAndHasAnEndInFallbackOrder(Map<Fault, Integer> budget) {
    Search.Result result = fallBack(budget, Mutation.NONE, DeliveryPolicy.NEVER_TWICE);
    assertThat(result.broken()).isNull();
  }

  @Test
  void aLateAnswerIsTheOnlyWayOutOfADoubtWithoutAnOrder() {
    Map<Fault, Integer> budget = Map.of(PROVIDER, 1, STOP, 1);
    assertThat(fallBack(budget, Mutation.NONE, DeliveryPolicy.NEVER_TWICE).broken()).isNull();
    assertThat(fallBack(budget, Mutation.NONE, DeliveryPolicy.AT_LEAST_ONCE).broken()).isNull();
  }

  @Test
  void fallingBackFromADoubtReachesTheContactTwice() {
    Search.Result result =
        fallBack(Map.of(PROVIDER, 1), Mutation.FALL_BACK_FROM_DOUBT, DeliveryPolicy.NEVER_TWICE);
    assertThat(result.broken()).isNotNull();
    assertThat(result.trace()).isNotEmpty();
  }

  @Test
  void completingWithoutWaitingForAFallBackIsTooEarly() {
    Search.Result result =
        fallBack(
            Map.of(PROVIDER, 1), Mutation.COMPLETE_BEFORE_FALL_BACK, DeliveryPolicy.NEVER_TWICE);
    assertThat(result.broken()).isEqualTo("complete, and a channel is left");
    assertThat(result.trace()).isNotEmpty();
  }

  private static Search.Result fallBack(
      Map<Fault, Integer> budget, Mutation mutation, DeliveryPolicy policy) {
    Search.Result result = Search.run(budget, mutation, policy, true, MOST_STATES);
    System.out.printf("fallback, %s, %s, faults %s: %s%n", policy, mutation, budget, result);
    return result;
  }

  @Test
  void claimsFiledUnderTheirOwnDaySendTwiceAfterMidnight() {
    red(Mutation.CLAIM_BY_ITS_OWN_DAY, Map.of(MIDNIGHT, 1, REDELIVERY, 1));
  }

  @Test
  void publishingBeforeTheHandOverCountsWhatWasNeverGivenAway() {
    red(Mutation.PUBLISH_BEFORE_HANDOVER, Map.of());
  }

  @Test
  void aClaimThatIsNotReadBackAfterALostAnswerStaysInFlightForEver() {
    red(Mutation.NO_READ_BACK, Map.of(LOST_ANSWER, 1));
  }

  @Test
  void withoutTheEpochCheckAZombieClaimsWhatNobodyEnds() {
    red(Mutation.NO_EPOCH_CHECK, Map.of(STOP, 1, CRASH, 1));
  }

  @Test
  void aReturnWithoutARowLetsTheReturnedCommandBeSentAsWell() {
    red(Mutation.RETURN_WITHOUT_ROW, Map.of(PAUSE, 1, REDELIVERY, 1));
  }

  @Test
  void aLateAnswerAsTheSameIssueIsCountedBesideTheResend() {
    red(Mutation.LATE_ANSWER_AS_SAME_ISSUE, Map.of(STOP, 1, RESEND, 1));
  }

  @Test
  void readingOnesOwnCountersFirstShowsLessThanNothingInFlight() {
    red(Mutation.OWN_COUNTERS_FIRST, Map.of());
  }

  /** Within the same budget the rule holds and its absence does not. */
  private static void red(Mutation mutation, Map<Fault, Integer> budget) {
    DeliveryPolicy policy = DeliveryPolicy.NEVER_TWICE;
    assertThat(search(budget, Mutation.NONE, policy).broken()).isNull();
    Search.Result result = search(budget, mutation, policy);
    assertThat(result.broken()).isNotNull();
    assertThat(result.trace()).isNotEmpty();
  }

  /** What a search found; the same world needs no second one. */
  private static final Map<List<Object>, Search.Result> FOUND = new ConcurrentHashMap<>();

  private static Search.Result search(
      Map<Fault, Integer> budget, Mutation mutation, DeliveryPolicy policy) {
    return FOUND.computeIfAbsent(
        List.of(budget, mutation, policy),
        world -> {
          Search.Result result = Search.run(budget, mutation, policy, MOST_STATES);
          System.out.printf("%s, %s, faults %s: %s%n", policy, mutation, budget, result);
          return result;
        });
  }
}
