/** Which network addresses a tenant's channel accounts may make the worker connect to. */
@NullMarked
package io.fanfare.dispatch.channel.network;

import org.jspecify.annotations.NullMarked;
