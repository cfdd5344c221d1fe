package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionOffsetsTest {

  @Test
  void commitsTheLowestUnfinishedOffset() {
    PartitionOffsets offsets = new PartitionOffsets(0);
    PartitionOffsets.Ticket five = offsets.add(5);
    PartitionOffsets.Ticket six = offsets.add(6);
    PartitionOffsets.Ticket nine = offsets.add(9);
    assertThat(offsets.toCommit()).isEqualTo(-1);
    nine.finish();
    six.finish();
    assertThat(offsets.toCommit()).isEqualTo(-1);
    five.finish();
    assertThat(offsets.toCommit()).isEqualTo(10);
  }

  @Test
  void saysNothingUntilItMovesAgain() {
    PartitionOffsets offsets = new PartitionOffsets(0);
    offsets.add(0).finish();
    assertThat(offsets.toCommit()).isEqualTo(1);
    assertThat(offsets.toCommit()).as("until the commit is confirmed").isEqualTo(1);
    offsets.committed(1);
    assertThat(offsets.toCommit()).isEqualTo(-1);
  }

  @Test
  void ignoresCompletionsOfAnEarlierAssignment() {
    PartitionOffsets.Ticket earlier = new PartitionOffsets(0).add(3);
    PartitionOffsets again = new PartitionOffsets(0);
    again.add(3);
    earlier.finish();
    assertThat(again.toCommit()).isEqualTo(-1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void neverCommitsBeyondAnUnfinishedOffset(long seed) {
    Random random = new Random(seed);
    PartitionOffsets offsets = new PartitionOffsets(0);
    List<PartitionOffsets.Ticket> open = new ArrayList<>();
    List<Long> unfinished = new ArrayList<>();
    for (long offset = 0; offset < 500; offset += 1 + random.nextInt(3)) {
      open.add(offsets.add(offset));
      unfinished.add(offset);
    }
    while (!open.isEmpty()) {
      int i = random.nextInt(open.size());
      open.remove(i).finish();
      unfinished.remove(i);
      long commit = offsets.toCommit();
      if (!unfinished.isEmpty()) {
        assertThat(commit).isLessThanOrEqualTo(Collections.min(unfinished));
      }
    }
    assertThat(offsets.toCommit()).isGreaterThanOrEqualTo(498);
  }
}
