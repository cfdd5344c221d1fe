/** Hands pending recipients over to the workers, never more than a few seconds of work ahead. */
@NullMarked
package io.fanfare.audience.release;

import org.jspecify.annotations.NullMarked;
