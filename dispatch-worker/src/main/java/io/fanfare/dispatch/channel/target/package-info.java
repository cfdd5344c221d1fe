/** Which network addresses a tenant's channel accounts may make the worker connect to. */
@NullMarked
package io.fanfare.dispatch.channel.target;

import org.jspecify.annotations.NullMarked;
