package io.fanfare.analytics.abtest;

/**
 * A look that could have found a winner, so that it spent some of alpha.
 *
 * @param time the share of the planned duration it was declared for
 * @param information what there was to find it with, in a unit of its own
 */
record TestedLook(double time, double information) {}
