/** Static lists of contacts, with exact counts. */
@NullMarked
package io.fanfare.audience.list;

import org.jspecify.annotations.NullMarked;
