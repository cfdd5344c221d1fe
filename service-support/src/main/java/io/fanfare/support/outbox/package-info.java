/** Events that leave in the transaction that caused them. */
@NullMarked
package io.fanfare.support.outbox;

import org.jspecify.annotations.NullMarked;
