/** Trying a channel account on behalf of people. */
@NullMarked
package io.fanfare.dispatch.account;

import org.jspecify.annotations.NullMarked;
