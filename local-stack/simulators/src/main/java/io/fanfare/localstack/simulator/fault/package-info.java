/**
 * Faults on request: which addresses are refused, deferred, stalled or dropped, the same ones every
 * time.
 */
@NullMarked
package io.fanfare.localstack.simulator.fault;

import org.jspecify.annotations.NullMarked;
