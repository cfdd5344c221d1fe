/** Breaks a running deployment in every way a seed plans, and judges by the providers' own logs. */
@NullMarked
package io.fanfare.benchmark.crash;

import org.jspecify.annotations.NullMarked;
