/** What a filter means: its tree, how it is read and written, and whom it matches. */
@NullMarked
package io.fanfare.audience.segment.filter;

import org.jspecify.annotations.NullMarked;
