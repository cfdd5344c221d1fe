/** Makes personal Telegram messages of a broadcast's content and hands them to the Bot API. */
@NullMarked
package io.fanfare.dispatch.channel.telegram;

import org.jspecify.annotations.NullMarked;
