/** Broadcasts: who gets what when, and the one place where their state changes. */
@NullMarked
package io.fanfare.broadcast.broadcast;

import org.jspecify.annotations.NullMarked;
