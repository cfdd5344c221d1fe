/** Buffered reading and TCP listening that both protocols share. */
@NullMarked
package io.fanfare.localstack.simulator.wire;

import org.jspecify.annotations.NullMarked;
