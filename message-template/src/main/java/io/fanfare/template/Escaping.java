package io.fanfare.template;

/** What happens to values on their way into the output; the template's own text is left alone. */
public enum Escaping {
  /** {@code & < > " '} become character references. */
  HTML,
  /** Nothing. */
  NONE
}
