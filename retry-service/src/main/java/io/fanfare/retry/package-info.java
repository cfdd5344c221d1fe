/** Says when a retry is due; keeps the dead letters. */
@NullMarked
package io.fanfare.retry;

import org.jspecify.annotations.NullMarked;
