/** Single messages: recipients that join a broadcast under way, one by one. */
@NullMarked
package io.fanfare.audience.message;

import org.jspecify.annotations.NullMarked;
