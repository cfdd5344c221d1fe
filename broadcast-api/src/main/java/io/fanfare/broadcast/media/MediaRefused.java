package io.fanfare.broadcast.media;

/** A file cannot be sent; the message says what was found, for people. */
final class MediaRefused extends Exception {

  private static final long serialVersionUID = 1L;

  MediaRefused(String message) {
    super(message, null, false, false);
  }
}
