/** Analytics killed while they count, and counting everything again: every figure must be exact. */
@NullMarked
package io.fanfare.benchmark.counting;

import org.jspecify.annotations.NullMarked;
