/** Records that a consumer group could not read or handle, and what becomes of them. */
@NullMarked
package io.fanfare.retry.undecodable;

import org.jspecify.annotations.NullMarked;
