package io.fanfare.audience.optout;

import io.fanfare.contract.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What an opt-out or an opt-in is about: one channel, one category, or everything.
 *
 * @param channel null for every channel
 * @param category null for all messages
 */
record OptOutScope(@Nullable Channel channel, @Nullable String category) {

  static final OptOutScope EVERYTHING = new OptOutScope(null, null);

  static OptOutScope of(Channel channel) {
    return new OptOutScope(channel, null);
  }

  static OptOutScope ofCategory(String category) {
    return new OptOutScope(null, category);
  }
}
