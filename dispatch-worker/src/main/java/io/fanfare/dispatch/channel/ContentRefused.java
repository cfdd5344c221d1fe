package io.fanfare.dispatch.channel;

/** No message can be made of a broadcast's content; the message says why, for people. */
public final class ContentRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ContentRefused(String message) {
    super(message);
  }

  public ContentRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
