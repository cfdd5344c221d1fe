package io.fanfare.template;

import io.pebbletemplates.pebble.extension.core.CoreExtension;
import io.pebbletemplates.pebble.operator.BinaryOperator;
import io.pebbletemplates.pebble.operator.UnaryOperator;
import io.pebbletemplates.pebble.tokenParser.ForTokenParser;
import io.pebbletemplates.pebble.tokenParser.IfTokenParser;
import io.pebbletemplates.pebble.tokenParser.SetTokenParser;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which of Pebble's operators and tags its parser is given. */
final class Grammar {

  private static final Set<String> LEFT_OUT = Set.of("..");
  private static final CoreExtension PEBBLE = new CoreExtension();

  private static final Map<String, BinaryOperator> BINARY =
      PEBBLE.getBinaryOperators().stream()
          .filter(operator -> !LEFT_OUT.contains(operator.getSymbol()))
          .collect(Collectors.toUnmodifiableMap(BinaryOperator::getSymbol, Function.identity()));

  private static final Map<String, UnaryOperator> UNARY =
      PEBBLE.getUnaryOperators().stream()
          .filter(operator -> !operator.getSymbol().equals("+"))
          .collect(Collectors.toUnmodifiableMap(UnaryOperator::getSymbol, Function.identity()));

  private static final Map<String, TokenParser> TAGS =
      Map.of("if", new IfTokenParser(), "for", new ForTokenParser(), "set", new SetTokenParser());

  private Grammar() {}

  static Map<String, BinaryOperator> binaryOperators() {
    return BINARY;
  }

  static Map<String, UnaryOperator> unaryOperators() {
    return UNARY;
  }

  static Map<String, TokenParser> tags() {
    return TAGS;
  }
}
