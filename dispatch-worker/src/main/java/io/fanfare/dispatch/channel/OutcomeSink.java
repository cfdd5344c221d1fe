package io.fanfare.dispatch.channel;

/** Takes the outcome of each message as soon as it is known. */
@FunctionalInterface
public interface OutcomeSink {

  /** Takes the one outcome of a message; never blocks. A second outcome of a message is ignored. */
  void accept(PreparedMessage message, SendOutcome outcome);
}
