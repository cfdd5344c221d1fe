/** Single messages: taken in, carried by broadcasts of their own that nobody sees, followed. */
@NullMarked
package io.fanfare.broadcast.message;

import org.jspecify.annotations.NullMarked;
