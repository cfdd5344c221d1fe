package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Remembers where links lead, so that a flood of clicks asks the database once per content. */
@Component
class LinkTable {

  /** Contents whose links are remembered. */
  static final int MOST_CONTENTS = 2_000;

  private record Content(UUID broadcastId, Channel channel, String variant) {}

  private final LinkRepository repository;
  private final Map<Content, LinkRepository.Links> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Content, LinkRepository.Links> eldest) {
          return size() > MOST_CONTENTS;
        }
      };

  LinkTable(LinkRepository repository) {
    this.repository = repository;
  }

  /** The links of a content a token names; empty when there is none such. */
  Optional<LinkRepository.Links> find(LinkToken token) {
    Content content = new Content(token.broadcastId(), token.channel(), token.variant());
    synchronized (known) {
      LinkRepository.Links links = known.get(content);
      if (links != null) {
        return Optional.of(links);
      }
    }
    Optional<LinkRepository.Links> found =
        repository.find(content.broadcastId(), content.channel(), content.variant());
    // What is not there is not remembered: tokens are signed, so nobody can ask for many such.
    found.ifPresent(links -> {
      synchronized (known) {
        known.put(content, links);
      }
    });
    return found;
  }

  /** Contents remembered. */
  int size() {
    synchronized (known) {
      return known.size();
    }
  }
}
