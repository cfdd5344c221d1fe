/** The categories of messages, which audience-service keeps. */
@NullMarked
package io.fanfare.broadcast.category;

import org.jspecify.annotations.NullMarked;
