package io.fanfare.localstack.simulator.log;

/**
 * How often a provider accepted one broadcast for one address; times in nanoseconds since the
 * epoch.
 */
public record RecipientCount(String address, int count, long firstNanos, long lastNanos) {}
