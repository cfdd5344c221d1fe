package io.fanfare.contract;

/** Bytes that are not an event of the contract: a dead letter, never a reason to stop. */
public final class UndecodableEvent extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UndecodableEvent(String message) {
    super(message);
  }

  public UndecodableEvent(String message, Throwable cause) {
    super(message, cause);
  }
}
