package io.fanfare.broadcast.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file on its way in, on disk so that slow senders take no memory.
 *
 * @param head its first bytes, which tell its type
 */
record Spooled(Path path, int size, String sha256, byte[] head) implements AutoCloseable {

  private static final int PORTION = 16 * 1024;

  /** More came than a file may hold. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(int most) {
      super("it has more than " + most + " bytes");
    }
  }

  /** Its sender did not send it to its end. */
  static final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenOff(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Reads a stream to its end.
   *
   * @throws TooLarge when it has more than {@code most} bytes
   * @throws BrokenOff when the stream fails
   */
  static Spooled of(InputStream in, int most) throws IOException {
    Path path = Files.createTempFile("fanfare-media", ".tmp");
    boolean done = false;
    try (OutputStream out = Files.newOutputStream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] head = head(in);
      byte[] portion = head;
      int read = head.length;
      int size = 0;
      while (read > 0) {
        size += read;
        if (size > most) {
          throw new TooLarge(most);
        }
        digest.update(portion, 0, read);
        out.write(portion, 0, read);
        portion = portion == head ? new byte[PORTION] : portion;
        read = read(in, portion);
      }
      done = true;
      return new Spooled(path, size, HexFormat.of().formatHex(digest.digest()), head);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      if (!done) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static byte[] head(InputStream in) throws BrokenOff {
    try {
      return in.readNBytes(MediaTypePolicy.HEAD);
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }

  private static int read(InputStream in, byte[] portion) throws BrokenOff {
    try {
      return in.read(portion);
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }

  InputStream open() throws IOException {
    return Files.newInputStream(path);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
