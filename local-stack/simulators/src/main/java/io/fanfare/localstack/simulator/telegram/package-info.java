/** The sending part of the Telegram Bot API over HTTP. */
@NullMarked
package io.fanfare.localstack.simulator.telegram;

import org.jspecify.annotations.NullMarked;
