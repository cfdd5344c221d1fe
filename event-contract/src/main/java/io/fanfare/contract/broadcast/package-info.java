/**
 * What happens to a broadcast as a whole: its life, its control state and what others ask of it.
 */
@NullMarked
package io.fanfare.contract.broadcast;

import org.jspecify.annotations.NullMarked;
