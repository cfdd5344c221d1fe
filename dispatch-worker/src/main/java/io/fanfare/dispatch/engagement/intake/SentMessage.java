package io.fanfare.dispatch.engagement.intake;

import java.time.Instant;

/**
 * A message the ledger knows was sent, or may have been.
 *
 * @param variant the variant of the content
 * @param claimedAt when the first of its sends was claimed
 */
record SentMessage(String variant, Instant claimedAt) {}
