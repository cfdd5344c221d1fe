/** Hours in which contacts get no messages, in their own time zone. */
@NullMarked
package io.fanfare.audience.quiet;

import org.jspecify.annotations.NullMarked;
