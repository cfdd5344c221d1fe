/** Connections that a thread keeps to itself. */
@NullMarked
package io.fanfare.dispatch.database;

import org.jspecify.annotations.NullMarked;
