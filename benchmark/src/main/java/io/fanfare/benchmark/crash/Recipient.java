package io.fanfare.benchmark.crash;

/**
 * Somebody on a channel, as a provider knows them.
 *
 * @param channel {@code email} or {@code telegram}
 * @param address the e-mail address or chat id
 */
record Recipient(String channel, String address) {}
