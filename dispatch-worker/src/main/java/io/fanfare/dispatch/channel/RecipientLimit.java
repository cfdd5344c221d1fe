package io.fanfare.dispatch.channel;

import java.time.Duration;

/**
 * What a provider takes for one address from one account.
 *
 * @param sends messages in a window, at least 1
 * @param window any span of so long
 */
public record RecipientLimit(int sends, Duration window) {}
