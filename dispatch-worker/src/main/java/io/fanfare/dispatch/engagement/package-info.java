/** What recipients do with their messages: tokens, tracked links, and the events made of them. */
@NullMarked
package io.fanfare.dispatch.engagement;

import org.jspecify.annotations.NullMarked;
