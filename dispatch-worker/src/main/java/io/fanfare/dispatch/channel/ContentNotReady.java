package io.fanfare.dispatch.channel;

/** A content could not be prepared now and may be later; its commands wait. */
public final class ContentNotReady extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ContentNotReady(String message, Throwable cause) {
    super(message, cause);
  }
}
