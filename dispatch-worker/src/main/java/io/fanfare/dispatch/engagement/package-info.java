/**
 * What recipients do with their messages: links and the pixel that are followed, the public
 * addresses they lead to, and the events that come of it.
 */
@NullMarked
package io.fanfare.dispatch.engagement;

import org.jspecify.annotations.NullMarked;
