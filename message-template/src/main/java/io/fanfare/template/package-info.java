/**
 * The sandboxed template language: Pebble parses, and only what is on the list of this package is
 * evaluated, over plain data and within bounds.
 */
@NullMarked
package io.fanfare.template;

import org.jspecify.annotations.NullMarked;
