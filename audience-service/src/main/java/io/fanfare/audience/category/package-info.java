/** What kinds of messages a tenant sends. */
@NullMarked
package io.fanfare.audience.category;

import org.jspecify.annotations.NullMarked;
