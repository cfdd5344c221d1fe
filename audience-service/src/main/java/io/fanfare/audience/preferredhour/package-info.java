/** The hour of the day at which a contact likes to get messages, by his own clock. */
@NullMarked
package io.fanfare.audience.preferredhour;

import org.jspecify.annotations.NullMarked;
