/** The suppression list: addresses that are never to be sent to, whoever has them. */
@NullMarked
package io.fanfare.audience.suppression;

import org.jspecify.annotations.NullMarked;
