/** The signed tokens in the links of a message. */
@NullMarked
package io.fanfare.dispatch.engagement.token;

import org.jspecify.annotations.NullMarked;
