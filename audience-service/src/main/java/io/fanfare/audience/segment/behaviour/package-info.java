/** What contacts did with their messages, as far as segments ask for it. */
@NullMarked
package io.fanfare.audience.segment.behaviour;

import org.jspecify.annotations.NullMarked;
