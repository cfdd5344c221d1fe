package io.fanfare.dispatch.channel;

/**
 * What came of trying an account.
 *
 * @param ok the provider accepted settings and secret
 * @param code {@code ok}, or why not: {@code account_refused}, {@code connection_refused}, {@code
 *     timeout} …
 * @param detail one sentence for people; never holds a secret
 */
public record AccountTest(boolean ok, String code, String detail) {}
