package io.fanfare.template;

/** Turns offsets into a source into lines and columns. */
final class SourceMap {

  private final String source;

  SourceMap(String source) {
    this.source = source;
  }

  TemplateSyntaxException syntaxError(int offset, String message) {
    return new TemplateSyntaxException(message, line(offset), column(offset));
  }

  TemplateRenderException renderError(int offset, String message) {
    return new TemplateRenderException(message, line(offset), column(offset));
  }

  int line(int offset) {
    int line = 1;
    for (int i = 0; i < Math.min(offset, source.length()); i++) {
      if (endsLine(i)) {
        line++;
      }
    }
    return line;
  }

  int column(int offset) {
    int end = Math.min(offset, source.length());
    int start = end;
    while (start > 0 && !endsLine(start - 1)) {
      start--;
    }
    return end - start + 1;
  }

  /** A line ends after LF, after CR LF, and after a CR that stands alone. */
  private boolean endsLine(int index) {
    char c = source.charAt(index);
    if (c == '\r') {
      return index + 1 >= source.length() || source.charAt(index + 1) != '\n';
    }
    return c == '\n';
  }
}
