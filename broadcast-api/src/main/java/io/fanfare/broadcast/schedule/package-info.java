/** Times that come again and again: cron expressions by the clock of a time zone. */
@NullMarked
package io.fanfare.broadcast.schedule;

import org.jspecify.annotations.NullMarked;
