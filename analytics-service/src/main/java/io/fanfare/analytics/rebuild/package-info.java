/** Counts the topics again beside the live figures, and says whether both come to the same. */
@NullMarked
package io.fanfare.analytics.rebuild;

import org.jspecify.annotations.NullMarked;
