package io.fanfare.dispatch.engagement.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CustomNamesTest {

  private final List<Set<String>> added = new ArrayList<>();
  private Set<String> refused = Set.of();
  private final CustomNames names =
      new CustomNames((broadcast, fresh) -> {
        added.add(fresh);
        return refused;
      });

  @Test
  void onlyNewNamesAreAskedFor() {
    assertThat(names.admit(broadcast(1), Set.of("a"))).isEmpty();
    assertThat(names.admit(broadcast(1), Set.of("a"))).isEmpty();
    assertThat(names.admit(broadcast(1), Set.of("a", "b"))).isEmpty();
    assertThat(names.admit(broadcast(2), Set.of("a"))).isEmpty();
    assertThat(added).containsExactly(Set.of("a"), Set.of("b"), Set.of("a"));
  }

  @Test
  void whatWasRefusedIsAskedForAgain() {
    refused = Set.of("a");
    assertThat(names.admit(broadcast(1), Set.of("a", "b"))).containsExactly("a");
    refused = Set.of();
    assertThat(names.admit(broadcast(1), Set.of("a", "b"))).isEmpty();
    assertThat(added).hasSize(2);
  }

  @Test
  void ofVeryManyBroadcastsThoseAskedForLatelyAreRemembered() {
    for (long i = 0; i <= CustomNames.MOST_REMEMBERED; i++) {
      names.admit(broadcast(i), Set.of("a"));
    }
    names.admit(broadcast(CustomNames.MOST_REMEMBERED), Set.of("a"));
    assertThat(added).hasSize(CustomNames.MOST_REMEMBERED + 1);
    names.admit(broadcast(0), Set.of("a"));
    assertThat(added).hasSize(CustomNames.MOST_REMEMBERED + 2);
  }

  private static FiledBroadcast broadcast(long number) {
    return new FiledBroadcast(new UUID(1, number), new UUID(1, 1), LocalDate.EPOCH);
  }
}
