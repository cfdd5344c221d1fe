package io.fanfare.dispatch.engagement.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message the ledger knows was sent, or may have been.
 *
 * @param variant the variant of the content
 * @param segment the part of the audience that chose the recipient; null for a single message
 * @param claimedAt when the first of its sends was claimed
 */
record SentMessage(String variant, @Nullable Integer segment, Instant claimedAt) {}
