package io.fanfare.broadcast.broadcast.recipient;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of recipients.
 *
 * @param items at most the limit asked for; fewer, or none, where many had to be looked at
 * @param next the value of {@code after} for the next page; absent on the last one, and only there
 * @param ledgerExpired true where the ledger day of the broadcast was dropped, so that those with a
 *     result are missing; else absent
 */
@Schema(name = "PageBroadcastRecipient")
record RecipientPage(
    List<Recipient> items, @Nullable String next, @Nullable Boolean ledgerExpired) {}
