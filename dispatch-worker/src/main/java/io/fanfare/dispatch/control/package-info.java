/** What workers know of broadcasts, contents and accounts, and how fresh that knowledge is. */
@NullMarked
package io.fanfare.dispatch.control;

import org.jspecify.annotations.NullMarked;
