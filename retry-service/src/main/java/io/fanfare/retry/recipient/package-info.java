/** Says of the recipients of a broadcast what this service alone knows, for the front door. */
@NullMarked
package io.fanfare.retry.recipient;

import org.jspecify.annotations.NullMarked;
