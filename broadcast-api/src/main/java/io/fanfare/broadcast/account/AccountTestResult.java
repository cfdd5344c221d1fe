package io.fanfare.broadcast.account;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account works, as a worker found that speaks its channel.
 *
 * @param ok whether the provider let us in
 * @param code what happened, for machines; absent when all is well
 * @param detail what happened, for people
 * @param milliseconds how long it took
 */
record AccountTestResult(
    boolean ok,
    @Nullable @Schema(example = "authentication_failed") String code,
    @Nullable @Schema(example = "535 5.7.8 Authentication credentials invalid") String detail,
    @Schema(example = "182") long milliseconds) {}
