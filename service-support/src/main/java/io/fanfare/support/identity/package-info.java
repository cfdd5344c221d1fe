/** Who is asking: the signed identity that the front door hands to the services behind it. */
@NullMarked
package io.fanfare.support.identity;

import org.jspecify.annotations.NullMarked;
