package io.fanfare.dispatch.channel.email;

/**
 * One personal message, ready to be sent.
 *
 * @param sender the envelope's sender
 * @param recipient the envelope's recipient
 * @param message header and bodies with CRLF line ends; dots are not stuffed
 */
record BuiltEmail(String sender, String recipient, byte[] message) {}
