package io.fanfare.broadcast.media;

import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What files were found to be when they were checked, by where templates say they are. */
public final class FrozenMedia {

  /** Nothing was looked at. */
  public static final FrozenMedia NONE = new FrozenMedia(Map.of(), Map.of());

  private final Map<UUID, StoredMedia> uploads;
  private final Map<String, StoredMedia> copies;

  /**
   * @param copies by their URLs
   */
  FrozenMedia(Map<UUID, StoredMedia> uploads, Map<String, StoredMedia> copies) {
    this.uploads = Map.copyOf(uploads);
    this.copies = Map.copyOf(copies);
  }

  /** These and those. */
  FrozenMedia and(FrozenMedia other) {
    Map<UUID, StoredMedia> allUploads = new HashMap<>(uploads);
    allUploads.putAll(other.uploads);
    Map<String, StoredMedia> allCopies = new HashMap<>(copies);
    allCopies.putAll(other.copies);
    return new FrozenMedia(allUploads, allCopies);
  }

  @Nullable StoredMedia find(MediaSource source) {
    return source.mediaId() != null
        ? uploads.get(source.mediaId())
        : source.url() == null ? null : copies.get(source.url());
  }

  /** The content with its files; empty when one of them was not looked at. */
  public Optional<MessageContent> complete(MessageContent content, List<MediaSource> sources) {
    if (sources.isEmpty()) {
      return Optional.of(content);
    }
    List<Media> files = new ArrayList<>();
    for (MediaSource source : sources) {
      StoredMedia stored = find(source);
      if (stored == null || source.kind() == null) {
        return Optional.empty();
      }
      files.add(stored.contract(source.kind(), source));
    }
    return Optional.of(
        switch (content) {
          case MessageContent.Email email ->
              new MessageContent.Email(email.subject(), email.html(), email.text(), files);
          case MessageContent.Telegram telegram ->
              new MessageContent.Telegram(
                  telegram.text(), telegram.parseMode(), telegram.buttons(), files.getFirst());
        });
  }
}
