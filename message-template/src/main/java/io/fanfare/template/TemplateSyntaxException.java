package io.fanfare.template;

/** A template that cannot be used; says where and why in words an author understands. */
public final class TemplateSyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  TemplateSyntaxException(String message, int line, int column) {
    super(message);
    this.line = line;
    this.column = column;
  }

  /** The line of the fault; the first is 1. */
  public int line() {
    return line;
  }

  /** The column of the fault in its line, in UTF-16 units; the first is 1. */
  public int column() {
    return column;
  }
}
