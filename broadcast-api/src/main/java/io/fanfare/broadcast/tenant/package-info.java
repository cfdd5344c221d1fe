/** Tenants, made by the operator; every other row belongs to one. */
@NullMarked
package io.fanfare.broadcast.tenant;

import org.jspecify.annotations.NullMarked;
