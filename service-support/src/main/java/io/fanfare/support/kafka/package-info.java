/** Topics, batch listeners with dead letters, and the producer. */
@NullMarked
package io.fanfare.support.kafka;

import org.jspecify.annotations.NullMarked;
