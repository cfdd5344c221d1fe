/** Request limits per API key. */
@NullMarked
package io.fanfare.broadcast.ratelimit;

import org.jspecify.annotations.NullMarked;
