/** How many messages a contact gets at most in a day, a week and a month. */
@NullMarked
package io.fanfare.audience.cap;

import org.jspecify.annotations.NullMarked;
