package io.fanfare.dispatch.lease;

/** Another worker has ended this incarnation: nothing more may be written in its name. */
public final class LeaseLost extends Exception {

  private static final long serialVersionUID = 1L;

  public LeaseLost(Incarnation incarnation) {
    super("incarnation " + incarnation.number() + " was ended by another worker");
  }
}
