/** Recipients nobody knows of whether they were sent to, and orders to send again. */
@NullMarked
package io.fanfare.retry.doubt;

import org.jspecify.annotations.NullMarked;
