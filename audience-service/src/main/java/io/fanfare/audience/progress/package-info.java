/** Composes a broadcast's progress from the ledger's counters and our own, and sees its end. */
@NullMarked
package io.fanfare.audience.progress;

import org.jspecify.annotations.NullMarked;
