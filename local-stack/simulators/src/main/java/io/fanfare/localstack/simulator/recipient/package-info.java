/** People who open, click and answer what the simulated providers took. */
@NullMarked
package io.fanfare.localstack.simulator.recipient;

import org.jspecify.annotations.NullMarked;
