package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.BroadcastState;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionDecisionTest {

  @ParameterizedTest
  @EnumSource
  void everyMoveOfTheContractIsMadeByAnActionAndNoOther(BroadcastState state) {
    Set<BroadcastState> reached = EnumSet.noneOf(BroadcastState.class);
    for (BroadcastAction action : BroadcastAction.values()) {
      if (TransitionDecision.decide(state, action) instanceof TransitionDecision.Move move) {
        assertThat(state.successors()).as("%s by %s", state, action).contains(move.target());
        reached.add(move.target());
      }
    }
    assertThat(reached).isEqualTo(state.successors());
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
  void nothingLeadsOutOfAnEnd(BroadcastState end) {
    for (BroadcastAction action : BroadcastAction.values()) {
      assertThat(TransitionDecision.decide(end, action))
          .isInstanceOf(TransitionDecision.Refuse.class);
    }
  }

  @Test
  void refusalsSayWhatCanBeDoneInstead() {
    assertThat(TransitionDecision.decide(BroadcastState.DRAFT, BroadcastAction.CANCEL))
        .isEqualTo(
            new TransitionDecision.Refuse(
                "a draft broadcast cannot be cancelled; delete it instead"));
    assertThat(TransitionDecision.decide(BroadcastState.RUNNING, BroadcastAction.EDIT))
        .isEqualTo(
            new TransitionDecision.Refuse(
                "a running broadcast cannot be edited, only a draft can"));
    assertThat(TransitionDecision.decide(BroadcastState.SCHEDULED, BroadcastAction.SCHEDULE))
        .isEqualTo(
            new TransitionDecision.Refuse(
                "a scheduled broadcast cannot be scheduled again; unschedule it first"));
    assertThat(TransitionDecision.decide(BroadcastState.PAUSED, BroadcastAction.PAUSE))
        .isEqualTo(new TransitionDecision.Refuse("a paused broadcast cannot be paused"));
  }
}
