package io.fanfare.template;

import io.pebbletemplates.pebble.lexer.Token;
import io.pebbletemplates.pebble.lexer.Token.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * What can be refused before parsing: unknown tags, filters and tests, calls of functions and
 * methods, and tags that do not pair up. Faults found here point at the very word.
 */
final class TokenRules {

  static final int MAX_DEPTH = 16;

  private static final Set<String> TAGS =
      Set.of("if", "elseif", "else", "endif", "for", "endfor", "set");

  private final List<Token> tokens;
  private final SourceMap places;
  private final Deque<Token> open = new ArrayDeque<>();

  TokenRules(List<Token> tokens, SourceMap places) {
    this.tokens = tokens;
    this.places = places;
  }

  void check() {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.test(Type.EXECUTE_START)) {
        tag(tokens.get(i + 1));
      } else if (token.test(Type.OPERATOR, "|")) {
        known(tokens.get(i + 1), "filter", Filters.names());
      } else if (token.test(Type.OPERATOR, "is", "is not")) {
        known(tokens.get(i + 1), "test", ValueTests.names());
      } else if (token.test(Type.PUNCTUATION, "(")) {
        call(i);
      }
    }
    if (!open.isEmpty()) {
      Token unclosed = open.pop();
      throw fault(
          unclosed, "{% " + unclosed.getValue() + " %} is never closed with " + closing(unclosed));
    }
  }

  private void tag(Token name) {
    if (!name.test(Type.NAME)) {
      throw fault(name, "a tag must begin with its name, such as if, for or set");
    }
    String tag = name.getValue();
    if (!TAGS.contains(tag)) {
      throw fault(name, "unknown tag \"" + tag + "\": allowed are if, for and set");
    }
    switch (tag) {
      case "if", "for" -> {
        if (open.size() >= MAX_DEPTH) {
          throw fault(name, "tags are nested more than " + MAX_DEPTH + " deep");
        }
        open.push(name);
      }
      case "endif", "endfor" -> {
        if (open.isEmpty() || !open.peek().getValue().equals(tag.substring("end".length()))) {
          throw fault(name, unexpected(tag));
        }
        open.pop();
      }
      case "else" -> {
        if (open.isEmpty()) {
          throw fault(name, unexpected(tag));
        }
      }
      case "elseif" -> {
        if (open.isEmpty() || !open.peek().getValue().equals("if")) {
          throw fault(name, unexpected(tag));
        }
      }
      default -> {}
    }
  }

  private String unexpected(String tag) {
    Token innermost = open.peek();
    return innermost == null
        ? "{% " + tag + " %} closes nothing"
        : "{% " + tag + " %} stands where " + closing(innermost) + " is expected";
  }

  private static String closing(Token tag) {
    return "{% end" + tag.getValue() + " %}";
  }

  private void known(Token name, String what, Set<String> names) {
    if (!name.test(Type.NAME)) {
      throw fault(name, "the name of a " + what + " is expected here");
    }
    if (!names.contains(name.getValue())) {
      throw fault(name, "unknown " + what + " \"" + name.getValue() + "\"");
    }
  }

  /** A bracket may follow a filter's name or stand where a value begins; else it would call. */
  private void call(int bracket) {
    Token before = tokens.get(bracket - 1);
    boolean keyword =
        before.test(Type.NAME, "if", "elseif", "in")
            && (tokens.get(bracket - 2).test(Type.EXECUTE_START) || before.getValue().equals("in"));
    boolean filter = before.test(Type.NAME) && tokens.get(bracket - 2).test(Type.OPERATOR, "|");
    boolean endsValue =
        before.test(Type.NAME)
            || before.test(Type.NUMBER)
            || before.test(Type.STRING)
            || before.test(Type.PUNCTUATION, ")", "]");
    if (endsValue && !keyword && !filter) {
      throw fault(before, "functions and methods cannot be called");
    }
  }

  private TemplateSyntaxException fault(Token token, String message) {
    return places.syntaxError(token.getLineNumber(), message);
  }
}
