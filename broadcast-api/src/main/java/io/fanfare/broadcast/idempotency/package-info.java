/** Idempotency keys: a POST sent twice is done once and answered twice. */
@NullMarked
package io.fanfare.broadcast.idempotency;

import org.jspecify.annotations.NullMarked;
