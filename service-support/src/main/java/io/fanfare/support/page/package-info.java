/** Cursor pages, the same for every collection of the REST API. */
@NullMarked
package io.fanfare.support.page;

import org.jspecify.annotations.NullMarked;
