/** Who a broadcast goes to, where each recipient stands and why: put together by state. */
@NullMarked
package io.fanfare.broadcast.broadcast.recipient;

import org.jspecify.annotations.NullMarked;
