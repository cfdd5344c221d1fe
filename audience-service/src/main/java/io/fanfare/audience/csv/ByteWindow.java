package io.fanfare.audience.csv;

import java.util.Arrays;

/**
 * A window on a long file that is read piece by piece: what lies before the mark is forgotten, so
 * that memory holds what has been read since the mark and one piece.
 */
public final class ByteWindow {

  /** Where the pieces come from. */
  @FunctionalInterface
  public interface Pieces {

    /** The piece that holds this offset, from its beginning; empty beyond the end. */
    byte[] pieceOf(long offset);
  }

  private final Pieces pieces;
  private final int pieceBytes;
  private byte[] buffer = new byte[0];
  private int length;
  private long base;
  private boolean ended;

  /**
   * A window that begins at an offset.
   *
   * @param pieceBytes the size of every piece but the last
   */
  public ByteWindow(Pieces pieces, int pieceBytes, long offset) {
    this.pieces = pieces;
    this.pieceBytes = pieceBytes;
    this.base = offset;
  }

  /** The byte at an offset not before the mark; -1 beyond the end. */
  int at(long offset) {
    int index = (int) (offset - base);
    if (index < length) {
      return buffer[index] & 0xff;
    }
    return load(offset) ? buffer[(int) (offset - base)] & 0xff : -1;
  }

  /** Forgets what lies before. */
  void mark(long offset) {
    // Moving bytes costs more than keeping them for a while.
    if (offset - base >= pieceBytes) {
      int forgotten = (int) Math.min(offset - base, length);
      buffer = Arrays.copyOfRange(buffer, forgotten, length);
      length -= forgotten;
      base = offset;
    }
  }

  byte[] bytes(long from, long to) {
    return Arrays.copyOfRange(buffer, (int) (from - base), (int) (to - base));
  }

  private boolean load(long offset) {
    while (!ended && offset - base >= length) {
      long next = base + length;
      byte[] piece = pieces.pieceOf(next);
      int skipped = (int) (next % pieceBytes);
      if (piece.length <= skipped) {
        ended = true;
      } else {
        int more = piece.length - skipped;
        buffer = Arrays.copyOf(buffer, length + more);
        System.arraycopy(piece, skipped, buffer, length, more);
        length += more;
      }
    }
    return offset - base < length;
  }
}
