package io.fanfare.broadcast.media;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import org.springframework.core.io.AbstractResource;

/**
 * The bytes of a file, read from the database piece by piece: few are in memory at a time, and no
 * connection is held while a slow client reads.
 */
final class MediaBytes extends AbstractResource {

  private static final int PIECE = 256 * 1024;

  private final MediaRepository repository;
  private final StoredMedia media;

  MediaBytes(MediaRepository repository, StoredMedia media) {
    this.repository = repository;
    this.media = media;
  }

  @Override
  public InputStream getInputStream() {
    return new SequenceInputStream(new Pieces());
  }

  @Override
  public long contentLength() {
    return media.size();
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public String getDescription() {
    return "media " + media.id();
  }

  private final class Pieces implements Enumeration<InputStream> {
    private int at;

    @Override
    public boolean hasMoreElements() {
      return at < media.size();
    }

    @Override
    public InputStream nextElement() {
      if (!hasMoreElements()) {
        throw new NoSuchElementException();
      }
      byte[] piece = repository.bytes(media.id(), at, PIECE);
      // Deleted meanwhile: the answer ends early, which its length tells.
      at = piece.length == 0 ? media.size() : at + piece.length;
      return new ByteArrayInputStream(piece);
    }
  }
}
