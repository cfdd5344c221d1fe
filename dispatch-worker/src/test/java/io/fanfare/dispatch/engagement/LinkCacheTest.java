package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.link.LinkRepository.StoredLinks;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LinkCacheTest {

  private static final String TARGET = "x".repeat(1_000_000);

  private final AtomicInteger reads = new AtomicInteger();
  private final LinkCache cache =
      new LinkCache((broadcast, variant, channel) -> {
        reads.incrementAndGet();
        return Optional.of(new StoredLinks(broadcast, Map.of(1, TARGET), null));
      });

  @Test
  void readsAContentOnceAndForgetsTheOneUsedLongestAgo() {
    find(0);
    find(0);
    assertThat(reads).hasValue(1);
    for (int i = 1; i <= 20; i++) {
      find(i);
      find(0);
      assertThat(cache.characters()).isLessThanOrEqualTo(LinkCache.MOST_CHARACTERS);
    }
    assertThat(reads).hasValue(21);
    find(1);
    assertThat(reads).hasValue(22);
  }

  private void find(int broadcast) {
    assertThat(cache.find(new UUID(0, broadcast), "a", Channel.EMAIL)).isPresent();
  }
}
