/** Exports of contacts, streamed. */
@NullMarked
package io.fanfare.audience.exports;

import org.jspecify.annotations.NullMarked;
