package io.fanfare.broadcast.frontdoor;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A request's body, lent to the HTTP client, whose own threads read it. Closing waits for a read in
 * progress and fails every later one: the server uses a connection's streams again for the next
 * request, and a late reader would take that one's bytes.
 */
final class LentStream extends InputStream {

  private final InputStream source;
  private final ReentrantLock reading = new ReentrantLock();
  private boolean takenBack;

  LentStream(InputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    reading.lock();
    try {
      failIfTakenBack();
      return source.read();
    } finally {
      reading.unlock();
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    reading.lock();
    try {
      failIfTakenBack();
      return source.read(target, offset, length);
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    reading.lock();
    try {
      takenBack = true;
    } finally {
      reading.unlock();
    }
  }

  private void failIfTakenBack() throws IOException {
    if (takenBack) {
      throw new IOException("the request has ended");
    }
  }
}
