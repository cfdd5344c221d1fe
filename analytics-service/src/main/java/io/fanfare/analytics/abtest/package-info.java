/** Looks at A/B tests when it was declared to, and decides which variant has won. */
@NullMarked
package io.fanfare.analytics.abtest;

import org.jspecify.annotations.NullMarked;
