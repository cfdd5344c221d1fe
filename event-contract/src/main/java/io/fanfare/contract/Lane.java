package io.fanfare.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * One rate-limit domain, or a shard of it: a channel account and a shard number. The commands of a
 * lane are on one partition, so one worker owns a lane and its limiter is local.
 *
 * @param accountId the channel account
 * @param shard from 0 to the account's shards − 1
 */
public record Lane(UUID accountId, int shard) {

  /**
   * The lane of a contact. It depends on the contact's id alone, so that an edited address never
   * moves a recipient to another lane.
   *
   * @param shards number of shards of the account, at least 1
   */
  public static Lane of(UUID accountId, long contactId, int shards) {
    // Fibonacci hashing: ids are handed out in sequence, neighbours should not share a shard.
    long mixed = contactId * 0x9E3779B97F4A7C15L;
    return new Lane(accountId, (int) Long.remainderUnsigned(mixed >>> 32, shards));
  }

  /**
   * The partition of the lane's commands. The shards of an account lie apart as the numbers of the
   * van der Corput sequence to the base 2 do: of any row of consecutive partitions, which is what a
   * worker owns, each holds about its share of them, however many shards there are. ADR 35.
   *
   * @param partitions of the topic, at least 1
   * @return from 0 to partitions − 1
   */
  public int partition(int partitions) {
    long account = accountId.getMostSignificantBits() ^ accountId.getLeastSignificantBits();
    int first = (int) ((account * 0x9E3779B97F4A7C15L) >>> 32);
    return (int) ((Integer.toUnsignedLong(first + Integer.reverse(shard)) * partitions) >>> 32);
  }

  /**
   * @throws IllegalArgumentException when the text is not {@code <uuid>:<shard>}
   */
  @JsonCreator
  public static Lane parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a lane: " + text);
    }
    return new Lane(
        UUID.fromString(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The Kafka key of the lane's commands. */
  @JsonValue
  public String key() {
    return accountId + ":" + shard;
  }

  @Override
  public String toString() {
    return key();
  }
}
