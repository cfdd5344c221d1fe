/** Turns a broadcast's list into chunks of recipients, in one snapshot. */
@NullMarked
package io.fanfare.audience.freeze;

import org.jspecify.annotations.NullMarked;
