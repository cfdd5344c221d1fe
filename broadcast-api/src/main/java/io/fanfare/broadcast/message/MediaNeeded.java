package io.fanfare.broadcast.message;

/** A broadcast that carries messages is to be made, and the template's files were not looked at. */
final class MediaNeeded extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MediaNeeded() {
    super("the template's files were not looked at", null, false, false);
  }
}
