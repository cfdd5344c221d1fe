package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.link.LinkRepository;
import io.fanfare.dispatch.engagement.link.LinkRepository.StoredLinks;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The links of the contents asked for lately, so that a request seldom asks the database. They
 * never change once they are written.
 */
@Component
class LinkCache {

  static final int MOST_CHARACTERS = 16_000_000;
  private static final int EACH = 200;

  private record Key(UUID broadcastId, String variant, Channel channel) {}

  /** Where the links are read. */
  interface Source {
    Optional<StoredLinks> find(UUID broadcastId, String variant, Channel channel);
  }

  private final Source links;
  private final LinkedHashMap<Key, StoredLinks> known = new LinkedHashMap<>(64, 0.75f, true);
  private long characters;

  @Autowired
  LinkCache(LinkRepository links) {
    this(links::find);
  }

  LinkCache(Source links) {
    this.links = links;
  }

  Optional<StoredLinks> find(UUID broadcastId, String variant, Channel channel) {
    Key key = new Key(broadcastId, variant, channel);
    StoredLinks found = known(key);
    if (found != null) {
      return Optional.of(found);
    }
    Optional<StoredLinks> read = links.find(broadcastId, variant, channel);
    read.ifPresent(stored -> remember(key, stored));
    return read;
  }

  private synchronized @Nullable StoredLinks known(Key key) {
    return known.get(key);
  }

  private synchronized void remember(Key key, StoredLinks stored) {
    if (known.put(key, stored) == null) {
      characters += size(stored);
    }
    Iterator<Map.Entry<Key, StoredLinks>> eldest = known.entrySet().iterator();
    while (characters > MOST_CHARACTERS) {
      characters -= size(eldest.next().getValue());
      eldest.remove();
    }
  }

  private static long size(StoredLinks stored) {
    long size = EACH;
    for (String target : stored.targets().values()) {
      size += EACH + target.length();
    }
    return size;
  }

  /** Characters held, with what each costs beside its text. */
  synchronized long characters() {
    return characters;
  }
}
