/** What was given up, and how people bring it back. */
@NullMarked
package io.fanfare.retry.deadletter;

import org.jspecify.annotations.NullMarked;
