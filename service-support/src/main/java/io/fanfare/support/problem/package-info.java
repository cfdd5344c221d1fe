/** Errors of the REST API as RFC 9457 problem details with a stable code. */
@NullMarked
package io.fanfare.support.problem;

import org.jspecify.annotations.NullMarked;
