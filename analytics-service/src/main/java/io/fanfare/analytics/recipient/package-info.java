/** Says of one recipient what he did with the message, for the front door. */
@NullMarked
package io.fanfare.analytics.recipient;

import org.jspecify.annotations.NullMarked;
