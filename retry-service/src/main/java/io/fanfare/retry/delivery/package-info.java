/** Takes in how commands ended, and decides what comes of it. */
@NullMarked
package io.fanfare.retry.delivery;

import org.jspecify.annotations.NullMarked;
