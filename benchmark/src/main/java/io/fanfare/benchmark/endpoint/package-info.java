/** The endpoints that take engagement in, under a steady load. */
@NullMarked
package io.fanfare.benchmark.endpoint;

import org.jspecify.annotations.NullMarked;
