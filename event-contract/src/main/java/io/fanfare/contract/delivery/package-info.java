/** What became of every command, as single events and as cumulative counters. */
@NullMarked
package io.fanfare.contract.delivery;

import org.jspecify.annotations.NullMarked;
