/**
 * Counts the events of topics, each once, whatever is delivered again; what they add up to is said
 * elsewhere.
 */
@NullMarked
package io.fanfare.analytics.counting;

import org.jspecify.annotations.NullMarked;
