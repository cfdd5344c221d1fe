package io.fanfare.dispatch.channel;

/** A content could not be prepared now and may be later; its commands wait. */
public final class ContentNotReady extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** It is being fetched, as was to be expected. */
  public ContentNotReady(String message) {
    super(message, null, false, false);
  }

  public ContentNotReady(String message, Throwable cause) {
    super(message, cause);
  }
}
