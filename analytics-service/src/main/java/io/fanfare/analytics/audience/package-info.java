/** The parts of audiences: which list or segment a number in an event stands for. */
@NullMarked
package io.fanfare.analytics.audience;

import org.jspecify.annotations.NullMarked;
