package io.fanfare.template;

/** A template that could not be rendered with some data: a bound was hit or a value did not fit. */
public final class TemplateRenderException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  TemplateRenderException(String message, int line, int column) {
    super(message);
    this.line = line;
    this.column = column;
  }

  /** The line of the tag that failed; the first is 1. */
  public int line() {
    return line;
  }

  /** The column of the tag that failed, in UTF-16 units; the first is 1. */
  public int column() {
    return column;
  }
}
