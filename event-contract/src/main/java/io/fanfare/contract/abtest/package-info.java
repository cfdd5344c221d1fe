/** A test of several variants of a broadcast's content, as part of the broadcast. */
@NullMarked
package io.fanfare.contract.abtest;

import org.jspecify.annotations.NullMarked;
