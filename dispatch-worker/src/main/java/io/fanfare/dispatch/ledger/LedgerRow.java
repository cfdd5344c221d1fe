package io.fanfare.dispatch.ledger;

import io.fanfare.contract.send.SendMessage;

/**
 * A command on its way into the claim table.
 *
 * @param command the command
 * @param follows which outcomes of the previous issue let it in, a {@link ClaimDecision#mask}
 */
public record LedgerRow(SendMessage command, int follows) {}
