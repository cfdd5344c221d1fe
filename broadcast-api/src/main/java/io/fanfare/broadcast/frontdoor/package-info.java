/** What stands before every request, and the way to the services behind. */
@NullMarked
package io.fanfare.broadcast.frontdoor;

import org.jspecify.annotations.NullMarked;
