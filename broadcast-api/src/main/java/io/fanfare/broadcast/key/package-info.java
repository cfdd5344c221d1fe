/** API keys and the filter that turns one into an identity. */
@NullMarked
package io.fanfare.broadcast.key;

import org.jspecify.annotations.NullMarked;
