/** The page on which a contact chooses what it gets, and the links that lead there. */
@NullMarked
package io.fanfare.dispatch.engagement.preference;

import org.jspecify.annotations.NullMarked;
