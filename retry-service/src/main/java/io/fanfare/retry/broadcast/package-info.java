/** What a broadcast's control says about its retries. */
@NullMarked
package io.fanfare.retry.broadcast;

import org.jspecify.annotations.NullMarked;
