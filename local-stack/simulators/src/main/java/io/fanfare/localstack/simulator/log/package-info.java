/**
 * What the providers took: counts by broadcast marker and address, arrival times, and the newest
 * messages whole.
 */
@NullMarked
package io.fanfare.localstack.simulator.log;

import org.jspecify.annotations.NullMarked;
