/** What a channel has to provide so that commands can be sent over it. */
@NullMarked
package io.fanfare.dispatch.channel;

import org.jspecify.annotations.NullMarked;
