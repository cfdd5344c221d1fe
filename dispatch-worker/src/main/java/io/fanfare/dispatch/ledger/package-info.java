/** The truth about every send: claims, results, counters, and the events that tell of them. */
@NullMarked
package io.fanfare.dispatch.ledger;

import org.jspecify.annotations.NullMarked;
