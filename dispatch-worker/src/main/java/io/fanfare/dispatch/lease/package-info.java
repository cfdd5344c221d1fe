/**
 * Who may write the ledger: incarnations of workers, their leases and how a dead one is taken over.
 */
@NullMarked
package io.fanfare.dispatch.lease;

import org.jspecify.annotations.NullMarked;
