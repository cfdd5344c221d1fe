package io.fanfare.localstack.simulator.log;

/**
 * What one account (the user of an SMTP login, or a bot's id) had accepted, and the most in any
 * sliding second.
 */
public record AccountReport(String channel, String account, long accepted, int peakPerSecond) {}
