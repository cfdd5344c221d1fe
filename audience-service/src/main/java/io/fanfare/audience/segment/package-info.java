/** Segments: filters over contacts that are worked out whenever they are asked for. */
@NullMarked
package io.fanfare.audience.segment;

import org.jspecify.annotations.NullMarked;
