package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.support.problem.ProblemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which broadcasts of a tenant are listed.
 *
 * @param state those in this state
 * @param from those made at or after this instant
 * @param to those made before this instant
 * @param text those whose name holds this, whatever its case
 */
record BroadcastFilter(
    @Nullable BroadcastState state,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String text) {

  private static final int MAX_TEXT = 200;

  static BroadcastFilter of(
      @Nullable String state, @Nullable Instant from, @Nullable Instant to, @Nullable String text) {
    if (text != null && text.length() > MAX_TEXT) {
      throw ProblemException.invalid("q", "must have at most " + MAX_TEXT + " characters");
    }
    return new BroadcastFilter(
        state == null || state.isEmpty() ? null : stateNamed(state),
        from,
        to,
        text == null || text.isBlank() ? null : text.strip());
  }

  private static BroadcastState stateNamed(String name) {
    Optional<BroadcastState> named =
        Arrays.stream(BroadcastState.values()).filter(state -> state.id().equals(name)).findFirst();
    return named.orElseThrow(() -> ProblemException.invalid("state", "is not a state"));
  }
}
