/**
 * Providers of e-mail and Telegram on this machine: they speak the real protocols, record what they
 * take and fail on request.
 */
@NullMarked
package io.fanfare.localstack.simulator;

import org.jspecify.annotations.NullMarked;
