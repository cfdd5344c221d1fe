/** From commands to outcomes: the consumer, lanes and their limits, claims and sends. */
@NullMarked
package io.fanfare.dispatch.loop;

import org.jspecify.annotations.NullMarked;
