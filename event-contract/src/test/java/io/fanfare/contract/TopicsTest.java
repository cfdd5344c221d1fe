package io.fanfare.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The topic list agrees with the checked-in document and with the codec. */
class TopicsTest {

  private static final Path DOCUMENT = Path.of("../docs/TOPOLOGY.md");

  @Test
  void isWhatTheTopologyDocumentSays() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(DOCUMENT, TopologyDocument.markdown());
    }
    assertThat(DOCUMENT).hasContent(TopologyDocument.markdown());
  }

  @Test
  void carriesExactlyTheTypesTheCodecKnows() {
    Set<String> carried =
        Topics.all().stream().flatMap(t -> t.eventTypes().stream()).collect(Collectors.toSet());
    assertThat(carried).isEqualTo(EventCodec.types().keySet());
  }

  @Test
  void hasNoNameTwice() {
    assertThat(Topics.all()).extracting(Topic::name).doesNotHaveDuplicates();
  }

  @Test
  void givesAContactTheSameLaneWhateverItsAddress() {
    UUID account = UUID.randomUUID();
    assertThat(Lane.of(account, 7, 8)).isEqualTo(Lane.of(account, 7, 8));
    assertThat(Lane.parse(Lane.of(account, 7, 8).key())).isEqualTo(Lane.of(account, 7, 8));
  }

  @Test
  void spreadsNeighbouringContactsOverTheShards() {
    UUID account = UUID.randomUUID();
    int[] sizes = new int[8];
    for (long contact = 1; contact <= 8_000; contact++) {
      sizes[Lane.of(account, contact, 8).shard()]++;
    }
    for (int size : sizes) {
      assertThat(size).isBetween(900, 1100);
    }
  }

  @Test
  void dealsTheShardsOfEachAccountEvenlyToWorkersThatOwnConsecutivePartitions() {
    for (int account = 0; account < 1_000; account++) {
      UUID id = UUID.randomUUID();
      for (int workers = 1; workers <= 4; workers *= 2) {
        int[] lanes = new int[workers];
        for (int shard = 0; shard < 8; shard++) {
          int partition = new Lane(id, shard).partition(16);
          assertThat(partition).isBetween(0, 15);
          lanes[partition * workers / 16]++;
        }
        assertThat(lanes).containsOnly(8 / workers);
      }
      // Where they do not divide evenly, none goes without.
      int[] lanes = new int[3];
      for (int shard = 0; shard < 8; shard++) {
        lanes[new Lane(id, shard).partition(12) / 4]++;
      }
      assertThat(lanes).contains(2).doesNotContain(0, 1);
    }
  }

  @Test
  void dealsTheLanesOfManyAccountsOverAllPartitions() {
    int[] lanes = new int[16];
    for (int account = 0; account < 16_000; account++) {
      lanes[new Lane(UUID.randomUUID(), 0).partition(16)]++;
    }
    for (int each : lanes) {
      assertThat(each).isBetween(800, 1_200);
    }
  }
}
