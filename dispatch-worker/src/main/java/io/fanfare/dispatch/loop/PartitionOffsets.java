package io.fanfare.dispatch.loop;

import java.util.ArrayDeque;

/**
 * The offsets of one partition during one assignment: they are finished in any order, committed is
 * the lowest unfinished one. One thread adds and commits; any thread finishes.
 */
final class PartitionOffsets {

  /** One offset that is being worked on. */
  static final class Ticket {
    private final long offset;
    private volatile boolean finished;

    private Ticket(long offset) {
      this.offset = offset;
    }

    /**
     * Its command has ended. A ticket of an earlier assignment belongs to an object nobody asks any
     * more, so a late call changes nothing.
     */
    void finish() {
      finished = true;
    }
  }

  private final ArrayDeque<Ticket> open = new ArrayDeque<>();
  private long committable = -1;
  private long committed = -1;
  private volatile boolean ended;
  private final long quietUntilNanos;

  /**
   * @param quietUntilNanos monotonic; limited lanes of this partition send nothing before, because
   *     another worker may have sent until just now
   */
  PartitionOffsets(long quietUntilNanos) {
    this.quietUntilNanos = quietUntilNanos;
  }

  /** The next offset read; offsets come in ascending order. */
  Ticket add(long offset) {
    Ticket ticket = new Ticket(offset);
    open.add(ticket);
    return ticket;
  }

  /** The offset to commit; −1 when it has not moved since {@link #committed}. */
  long toCommit() {
    while (!open.isEmpty() && open.element().finished) {
      committable = open.remove().offset + 1;
    }
    return committable > committed ? committable : -1;
  }

  /** An offset was committed. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }

  long quietUntilNanos() {
    return quietUntilNanos;
  }

  /** The partition is no longer this worker's. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }
}
