/** The audit log: takes in what every service recorded and lets admins search it. */
@NullMarked
package io.fanfare.broadcast.audit;

import org.jspecify.annotations.NullMarked;
