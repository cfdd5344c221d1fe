/** The trail of every change somebody made. */
@NullMarked
package io.fanfare.support.audit;

import org.jspecify.annotations.NullMarked;
