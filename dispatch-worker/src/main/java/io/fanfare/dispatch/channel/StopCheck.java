package io.fanfare.dispatch.channel;

/** The last question before a message is written. */
@FunctionalInterface
public interface StopCheck {

  /** True when the message may be written now; never blocks. */
  boolean maySend(PreparedMessage message);
}
