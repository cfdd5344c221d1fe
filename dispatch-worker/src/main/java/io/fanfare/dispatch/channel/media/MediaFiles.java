package io.fanfare.dispatch.channel.media;

import io.fanfare.contract.content.Media;
import io.fanfare.dispatch.channel.ContentRefused;
import java.util.List;
import java.util.UUID;

/** Has the bytes of the files that go with a content. */
@FunctionalInterface
public interface MediaFiles {

  /**
   * Their bytes, in order, as they were when the broadcast started. Called when a content is
   * compiled; never blocks.
   *
   * @throws io.fanfare.dispatch.channel.ContentNotReady while they are on their way
   * @throws ContentRefused when one of them is not there any more, or not what it was
   */
  List<byte[]> bytesOf(UUID tenantId, List<Media> files);

  /** Has none, for who sends nothing but text. */
  static MediaFiles none() {
    return (tenantId, files) -> {
      if (!files.isEmpty()) {
        throw new ContentRefused("files cannot be sent here");
      }
      return List.of();
    };
  }
}
