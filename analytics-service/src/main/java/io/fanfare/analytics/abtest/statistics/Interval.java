package io.fanfare.analytics.abtest.statistics;

/** A confidence interval, in the unit of what it is for. */
public record Interval(double low, double high) {}
