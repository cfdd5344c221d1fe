package io.fanfare.template;

import io.pebbletemplates.pebble.error.ParserException;
import io.pebbletemplates.pebble.lexer.Token;
import io.pebbletemplates.pebble.lexer.TokenStream;
import io.pebbletemplates.pebble.node.BodyNode;
import io.pebbletemplates.pebble.node.ForNode;
import io.pebbletemplates.pebble.node.IfNode;
import io.pebbletemplates.pebble.node.PrintNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.node.RootNode;
import io.pebbletemplates.pebble.node.SetNode;
import io.pebbletemplates.pebble.node.TextNode;
import io.pebbletemplates.pebble.parser.ParserImpl;
import io.pebbletemplates.pebble.parser.ParserOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Source in, statements out: lexed, checked, parsed by Pebble, and taken over node by node. */
final class TemplateCompiler {

  private final String source;
  private final SourceMap places;
  private final VariableNames variables = new VariableNames();
  private final ExpressionCompiler expressions;

  TemplateCompiler(String source, SourceMap places) {
    this.source = source;
    this.places = places;
    this.expressions = new ExpressionCompiler(places, variables);
  }

  List<Statement> compile() {
    List<Token> tokens = new TemplateLexer(source, places).tokens();
    new TokenRules(tokens, places).check();
    return body(parse(tokens).getBody());
  }

  SortedSet<String> variables() {
    return variables.used();
  }

  private RootNode parse(List<Token> tokens) {
    ParserImpl parser =
        new ParserImpl(
            Grammar.unaryOperators(),
            Grammar.binaryOperators(),
            Grammar.tags(),
            new ParserOptions());
    try {
      return parser.parse(new TokenStream(tokens, "template"));
    } catch (ParserException e) {
      int at = e.getLineNumber();
      throw places.syntaxError(at, explain(e.getPebbleMessage(), tokenAt(tokens, at)));
    }
  }

  private static @Nullable Token tokenAt(List<Token> tokens, int offset) {
    for (Token token : tokens) {
      if (token.getLineNumber() == offset && token.getType() != Token.Type.TEXT) {
        return token;
      }
    }
    return null;
  }

  private static String explain(String message, @Nullable Token token) {
    if (token == null || !message.startsWith("Unexpected")) {
      return message;
    }
    return switch (token.getType()) {
      case EXECUTE_END, PRINT_END -> "something is missing before " + token.getValue();
      case STRING -> "unexpected text \"" + token.getValue() + "\"";
      default -> "unexpected " + token.getValue();
    };
  }

  private List<Statement> body(@Nullable BodyNode body) {
    if (body == null) {
      return List.of();
    }
    List<Statement> statements = new ArrayList<>(body.getChildren().size());
    for (RenderableNode node : body.getChildren()) {
      statements.add(statement(node));
    }
    return List.copyOf(statements);
  }

  private Statement statement(RenderableNode node) {
    return switch (node) {
      case TextNode text -> new Statement.Text(new String(text.getData()));
      case PrintNode print -> print(print);
      case SetNode set -> assign(set);
      case IfNode choose -> choose(choose);
      case ForNode loop -> loop(loop);
      default -> throw new IllegalStateException("a tag outside the grammar: " + node.getClass());
    };
  }

  private Statement print(PrintNode print) {
    return new Statement.Print(print.getLineNumber(), expressions.compile(print.getExpression()));
  }

  private Statement assign(SetNode set) {
    Expression value = expressions.compile(set.getValue());
    variables.define(set.getName(), set.getLineNumber(), places);
    return new Statement.Assign(set.getLineNumber(), set.getName(), value);
  }

  private Statement choose(IfNode choose) {
    List<Statement.Branch> branches = new ArrayList<>();
    choose
        .getConditionsWithBodies()
        .forEach(pair ->
            branches.add(
                new Statement.Branch(expressions.compile(pair.getLeft()), body(pair.getRight()))));
    return new Statement.Choose(
        choose.getLineNumber(), List.copyOf(branches), body(choose.getElseBody()));
  }

  private Statement loop(ForNode loop) {
    int at = loop.getLineNumber();
    Expression list = expressions.compile(loop.getIterable());
    variables.define(loop.getIterationVariable(), at, places);
    variables.enterLoop();
    List<Statement> body = body(loop.getBody());
    variables.leaveLoop();
    int characters = Math.max(1, loop.getBody().getLineNumber() - at);
    return new Statement.Loop(
        at, loop.getIterationVariable(), list, body, body(loop.getElseBody()), characters);
  }
}
