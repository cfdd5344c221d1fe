package io.fanfare.dispatch.loop;

import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.lease.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command on its way through this worker, with what it has gathered so far. */
final class Command {

  /** The claim that makes the send ours. */
  record Claim(Lease lease, long batch, long atNanos) {}

  private final SendMessage message;
  private final boolean urgent;
  private final PartitionOffsets partition;
  private final PartitionOffsets.Ticket ticket;
  private final LaneQueue lane;
  private final BroadcastPools.Pool pool;
  private List<LaneSlots> recipientSlots = List.of();
  private @Nullable Ready ready;
  private volatile @Nullable Claim claim;

  Command(
      SendMessage message,
      boolean urgent,
      PartitionOffsets partition,
      PartitionOffsets.Ticket ticket,
      LaneQueue lane,
      BroadcastPools.Pool pool) {
    this.message = message;
    this.urgent = urgent;
    this.partition = partition;
    this.ticket = ticket;
    this.lane = lane;
    this.pool = pool;
  }

  SendMessage message() {
    return message;
  }

  /** It came as priority and goes before bulk. */
  boolean urgent() {
    return urgent;
  }

  PartitionOffsets partition() {
    return partition;
  }

  PartitionOffsets.Ticket ticket() {
    return ticket;
  }

  LaneQueue lane() {
    return lane;
  }

  BroadcastPools.Pool pool() {
    return pool;
  }

  void holds(List<LaneSlots> slots) {
    recipientSlots = slots;
  }

  /** The slots it holds of limits of its address. */
  List<LaneSlots> recipientSlots() {
    return recipientSlots;
  }

  void ready(Ready gathered) {
    ready = gathered;
  }

  /** What it is sent with; there once it was judged sendable. */
  Ready ready() {
    Ready gathered = ready;
    if (gathered == null) {
      throw new IllegalStateException("not judged sendable");
    }
    return gathered;
  }

  void claimed(Claim made) {
    claim = made;
  }

  @Nullable Claim claim() {
    return claim;
  }
}
