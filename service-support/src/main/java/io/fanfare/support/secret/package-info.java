/** Sealing of secrets at rest and on topics. */
@NullMarked
package io.fanfare.support.secret;

import org.jspecify.annotations.NullMarked;
