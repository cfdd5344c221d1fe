/** The due table: which recipient gets its next order when, and who is told. */
@NullMarked
package io.fanfare.retry.due;

import org.jspecify.annotations.NullMarked;
