package io.fanfare.template;

import io.pebbletemplates.pebble.lexer.Token;
import io.pebbletemplates.pebble.lexer.Token.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a source into the tokens Pebble's parser takes, in one pass and linear time. A token's "line
 * number" is its offset in the source, so that every fault the parser finds has an exact place.
 * Pebble's own lexer knows lines only, and hangs on an unclosed string that ends in a backslash.
 */
final class TemplateLexer {

  static final int MAX_TOKENS_IN_TAG = 200;
  private static final int MAX_DIGITS = 15;
  private static final String SYMBOLS = "()[]?:.,=";

  private final String source;
  private final SourceMap places;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean trimNextText;
  private boolean dropNextNewline;

  TemplateLexer(String source, SourceMap places) {
    this.source = source;
    this.places = places;
  }

  List<Token> tokens() {
    while (at < source.length()) {
      int open = nextTag(at);
      text(open < 0 ? source.length() : open);
      if (open >= 0) {
        tag(open);
      }
    }
    add(Type.EOF, null, source.length());
    return tokens;
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void text(int end) {
    int from = at;
    int to = end;
    if (trimNextText) {
      while (from < to && Character.isWhitespace(source.charAt(from))) {
        from++;
      }
    } else if (dropNextNewline) {
      from = skipNewline(from, to);
    }
    trimNextText = false;
    dropNextNewline = false;
    if (end + 2 < source.length() && source.charAt(end + 2) == '-') {
      while (to > from && Character.isWhitespace(source.charAt(to - 1))) {
        to--;
      }
    }
    if (to > from) {
      add(Type.TEXT, source.substring(from, to), from);
    }
    at = end;
  }

  private int skipNewline(int from, int to) {
    int next = from;
    if (next < to && source.charAt(next) == '\r') {
      next++;
    }
    return next < to && source.charAt(next) == '\n' ? next + 1 : from;
  }

  private void tag(int open) {
    char kind = source.charAt(open + 1);
    at = open + 2;
    if (at < source.length() && source.charAt(at) == '-') {
      at++;
    }
    switch (kind) {
      case '#' -> comment(open);
      case '{' -> {
        add(Type.PRINT_START, null, open);
        expressionUntil("}}", Type.PRINT_END, open);
      }
      default -> {
        add(Type.EXECUTE_START, null, open);
        expressionUntil("%}", Type.EXECUTE_END, open);
        dropNextNewline = true;
      }
    }
  }

  private void comment(int open) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw places.syntaxError(open, "this comment is never closed with #}");
    }
    trimNextText = end > at && source.charAt(end - 1) == '-';
    dropNextNewline = true;
    at = end + 2;
  }

  private void expressionUntil(String close, Type closeType, int open) {
    int first = tokens.size();
    while (true) {
      skipWhitespace();
      if (at >= source.length()) {
        throw places.syntaxError(open, "this tag is never closed with " + close);
      }
      boolean trim = source.charAt(at) == '-' && source.startsWith(close, at + 1);
      if (trim || source.startsWith(close, at)) {
        add(closeType, close, at);
        trimNextText = trim;
        at += trim ? 3 : 2;
        return;
      }
      if (tokens.size() - first >= MAX_TOKENS_IN_TAG) {
        throw places.syntaxError(open, "this tag is too long");
      }
      token();
    }
  }

  private void skipWhitespace() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
  }

  private void token() {
    char c = source.charAt(at);
    if (isNameStart(c)) {
      name();
    } else if (isDigit(c)) {
      number();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else {
      symbol(c);
    }
  }

  private void name() {
    int start = at;
    String word = word(at);
    at += word.length();
    switch (word) {
      case "not", "and", "or", "contains", "equals" -> add(Type.OPERATOR, word, start);
      case "is" -> {
        int afterIs = at;
        skipWhitespace();
        boolean negated = word(at).equals("not");
        at = negated ? at + 3 : afterIs;
        add(Type.OPERATOR, negated ? "is not" : "is", start);
      }
      default -> add(Type.NAME, word, start);
    }
  }

  private String word(int start) {
    int end = start;
    while (end < source.length()
        && (isNameStart(source.charAt(end)) || isDigit(source.charAt(end)))) {
      end++;
    }
    return source.substring(start, end);
  }

  private void number() {
    int start = at;
    int end = digits(at);
    if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(source.charAt(end + 1))) {
      end = digits(end + 1);
    }
    if (end - start > MAX_DIGITS) {
      throw places.syntaxError(start, "this number has more than " + MAX_DIGITS + " digits");
    }
    at = end;
    add(Type.NUMBER, source.substring(start, end), start);
  }

  private int digits(int from) {
    int end = from;
    while (end < source.length() && isDigit(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private void string(char quote) {
    int start = at;
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == quote) {
        at = i + 1;
        add(Type.STRING, value.toString(), start);
        return;
      }
      if (c == '\\' && i + 1 < source.length() && isEscapable(source.charAt(i + 1))) {
        i++;
      }
      value.append(source.charAt(i));
    }
    throw places.syntaxError(start, "this text is never closed with " + quote);
  }

  private void symbol(char c) {
    String two = at + 1 < source.length() ? source.substring(at, at + 2) : "";
    switch (two) {
      case "==", "!=", ">=", "<=" -> operator(two);
      case ".." -> throw places.syntaxError(at, "ranges are not allowed");
      default -> {
        if ("><+-*/%|~".indexOf(c) >= 0) {
          operator(String.valueOf(c));
        } else if (SYMBOLS.indexOf(c) >= 0) {
          add(Type.PUNCTUATION, String.valueOf(c), at);
          at++;
        } else if (c == '{') {
          throw places.syntaxError(at, "maps cannot be written in a template");
        } else {
          throw places.syntaxError(at, "unexpected character " + source.substring(at, endOf(at)));
        }
      }
    }
  }

  private int endOf(int index) {
    return source.offsetByCodePoints(index, 1);
  }

  private void operator(String symbol) {
    add(Type.OPERATOR, symbol, at);
    at += symbol.length();
  }

  private void add(Type type, @Nullable String value, int offset) {
    tokens.add(new Token(type, value, offset));
  }

  private static boolean isNameStart(char c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isEscapable(char c) {
    return c == '\'' || c == '"' || c == '\\';
  }
}
