/** Measures Fanfare as it runs in production: every part a process of its own. */
@NullMarked
package io.fanfare.benchmark;

import org.jspecify.annotations.NullMarked;
