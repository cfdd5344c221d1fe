/** What every service needs to start, and no domain. */
@NullMarked
package io.fanfare.support;

import org.jspecify.annotations.NullMarked;
