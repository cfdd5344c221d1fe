package io.fanfare.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
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
    java.util.UUID account = java.util.UUID.randomUUID();
    assertThat(Lane.of(account, 7, 8)).isEqualTo(Lane.of(account, 7, 8));
    assertThat(Lane.parse(Lane.of(account, 7, 8).key())).isEqualTo(Lane.of(account, 7, 8));
  }

  @Test
  void spreadsNeighbouringContactsOverTheShards() {
    java.util.UUID account = java.util.UUID.randomUUID();
    int[] sizes = new int[8];
    for (long contact = 1; contact <= 8_000; contact++) {
      sizes[Lane.of(account, contact, 8).shard()]++;
    }
    for (int size : sizes) {
      assertThat(size).isBetween(900, 1100);
    }
  }
}
