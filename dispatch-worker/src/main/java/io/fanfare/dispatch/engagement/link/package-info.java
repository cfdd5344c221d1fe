/** The links of a content: found once, stored, and given to each recipient with a token. */
@NullMarked
package io.fanfare.dispatch.engagement.link;

import org.jspecify.annotations.NullMarked;
