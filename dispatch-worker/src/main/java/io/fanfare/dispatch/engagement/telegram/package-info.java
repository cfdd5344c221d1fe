/** What people do in Telegram: the updates of bots, and the events and signals made of them. */
@NullMarked
package io.fanfare.dispatch.engagement.telegram;

import org.jspecify.annotations.NullMarked;
