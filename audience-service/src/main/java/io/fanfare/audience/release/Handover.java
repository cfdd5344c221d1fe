package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import java.util.UUID;

/**
 * Commands of one broadcast on one lane that differ in nothing but the contact. From the commit of
 * this row on, only the ledger may end these recipients.
 *
 * @param id 0 before it is inserted
 */
record Handover(
    long id,
    UUID broadcastId,
    Channel channel,
    Lane lane,
    Order order,
    long[] contactIds,
    long controlEpoch) {

  /**
   * What the commands have in common.
   *
   * @param variant of the content
   * @param segment the part of the audience that chose the recipients; 0 for none
   * @param issue of the commands
   * @param attempt the counted try they are
   * @param bucket where the recipients stand
   * @param granted somebody asked for them by hand
   */
  record Order(
      String variant, int segment, int issue, int attempt, Bucket bucket, boolean granted) {

    /** Commands for recipients that were pending. */
    static Order first(String variant, int segment, int issue) {
      return new Order(variant, segment, issue, 1, Bucket.IN_FLIGHT, false);
    }
  }

  Handover withId(long newId) {
    return new Handover(newId, broadcastId, channel, lane, order, contactIds, controlEpoch);
  }
}
