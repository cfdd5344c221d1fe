package io.fanfare.dispatch.channel.email;

/**
 * One personal message, ready to be sent.
 *
 * @param sender the envelope's sender
 * @param recipient the envelope's recipient
 * @param message header and bodies with CRLF line ends; dots are not stuffed
 * @param files what follows the message and is the same for every recipient: whole lines, none of
 *     which begins with a dot; never changed
 */
record BuiltEmail(String sender, String recipient, byte[] message, byte[] files) {

  private static final byte[] NONE = {};

  /** One without files. */
  BuiltEmail(String sender, String recipient, byte[] message) {
    this(sender, recipient, message, NONE);
  }
}
