/** A deployment of separate processes on one machine, with what each of them costs. */
@NullMarked
package io.fanfare.benchmark.process;

import org.jspecify.annotations.NullMarked;
