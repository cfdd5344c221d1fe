package io.fanfare.contract.broadcast;

/**
 * Why a broadcast was paused or failed.
 *
 * @param code stable, for machines: {@code by_request}, {@code account_refused}, {@code
 *     provider_melting}, {@code empty_audience}, {@code content_refused} …
 * @param detail one sentence for people; never holds a secret
 */
public record StateReason(String code, String detail) {}
