package io.fanfare.template;

import io.pebbletemplates.pebble.node.ArgumentsNode;
import io.pebbletemplates.pebble.node.PositionalArgumentNode;
import io.pebbletemplates.pebble.node.TestInvocationExpression;
import io.pebbletemplates.pebble.node.expression.AddExpression;
import io.pebbletemplates.pebble.node.expression.AndExpression;
import io.pebbletemplates.pebble.node.expression.ArrayExpression;
import io.pebbletemplates.pebble.node.expression.BinaryExpression;
import io.pebbletemplates.pebble.node.expression.ConcatenateExpression;
import io.pebbletemplates.pebble.node.expression.ContainsExpression;
import io.pebbletemplates.pebble.node.expression.ContextVariableExpression;
import io.pebbletemplates.pebble.node.expression.DivideExpression;
import io.pebbletemplates.pebble.node.expression.EqualsExpression;
import io.pebbletemplates.pebble.node.expression.FilterExpression;
import io.pebbletemplates.pebble.node.expression.FilterInvocationExpression;
import io.pebbletemplates.pebble.node.expression.GetAttributeExpression;
import io.pebbletemplates.pebble.node.expression.GreaterThanEqualsExpression;
import io.pebbletemplates.pebble.node.expression.GreaterThanExpression;
import io.pebbletemplates.pebble.node.expression.LessThanEqualsExpression;
import io.pebbletemplates.pebble.node.expression.LessThanExpression;
import io.pebbletemplates.pebble.node.expression.LiteralBooleanExpression;
import io.pebbletemplates.pebble.node.expression.LiteralDoubleExpression;
import io.pebbletemplates.pebble.node.expression.LiteralLongExpression;
import io.pebbletemplates.pebble.node.expression.LiteralNullExpression;
import io.pebbletemplates.pebble.node.expression.LiteralStringExpression;
import io.pebbletemplates.pebble.node.expression.ModulusExpression;
import io.pebbletemplates.pebble.node.expression.MultiplyExpression;
import io.pebbletemplates.pebble.node.expression.NegativeTestExpression;
import io.pebbletemplates.pebble.node.expression.NotEqualsExpression;
import io.pebbletemplates.pebble.node.expression.OrExpression;
import io.pebbletemplates.pebble.node.expression.PositiveTestExpression;
import io.pebbletemplates.pebble.node.expression.SubtractExpression;
import io.pebbletemplates.pebble.node.expression.TernaryExpression;
import io.pebbletemplates.pebble.node.expression.UnaryExpression;
import io.pebbletemplates.pebble.node.expression.UnaryMinusExpression;
import io.pebbletemplates.pebble.node.expression.UnaryNotExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Pebble parsed into expressions of our own. What is not named here does not exist in
 * the language, whatever the parser knows: that is the sandbox.
 */
final class ExpressionCompiler {

  private final SourceMap places;
  private final VariableNames variables;

  ExpressionCompiler(SourceMap places, VariableNames variables) {
    this.places = places;
    this.variables = variables;
  }

  Expression compile(io.pebbletemplates.pebble.node.expression.Expression<?> parsed) {
    return switch (parsed) {
      case LiteralStringExpression literal -> constant(literal.getValue());
      case LiteralLongExpression literal -> constant(literal.getValue());
      case LiteralDoubleExpression literal -> constant(literal.getValue());
      case LiteralBooleanExpression literal -> constant(literal.getValue());
      case LiteralNullExpression literal -> rendering -> null;
      case ContextVariableExpression variable -> variable(variable);
      case GetAttributeExpression attribute -> attribute(attribute, true);
      case ArrayExpression list -> list(list);
      case TernaryExpression choice -> choice(choice);
      case FilterExpression filter -> filter(filter);
      case NegativeTestExpression test -> test(test, false);
      case PositiveTestExpression test -> test(test, true);
      case UnaryExpression unary -> unary(unary);
      case BinaryExpression<?> binary -> binary(binary);
      default -> throw places.syntaxError(parsed.getLineNumber(), "this is not allowed here");
    };
  }

  private static Expression constant(Object value) {
    return rendering -> value;
  }

  private Expression variable(ContextVariableExpression variable) {
    String name = variable.getName();
    variables.use(name, variable.getLineNumber(), places);
    return rendering -> rendering.variable(name);
  }

  /**
   * @param outermost no further attribute is read off this one, so that the whole path is known
   */
  private Expression attribute(GetAttributeExpression attribute, boolean outermost) {
    if (attribute.getArgumentsNode() != null) {
      throw places.syntaxError(attribute.getLineNumber(), "functions and methods cannot be called");
    }
    Object key = key(attribute.getAttributeNameExpression());
    if (outermost) {
      String path = path(attribute);
      if (path != null) {
        variables.use(path, startOf(attribute), places);
      }
    }
    Expression of =
        switch (attribute.getNode()) {
          case GetAttributeExpression inner -> attribute(inner, path(attribute) == null);
          case ContextVariableExpression variable -> {
            String name = variable.getName();
            yield rendering -> rendering.variable(name);
          }
          default -> compile(attribute.getNode());
        };
    return rendering -> attributeOf(of.evaluate(rendering), key);
  }

  private Object key(io.pebbletemplates.pebble.node.expression.Expression<?> key) {
    return switch (key) {
      case LiteralStringExpression name -> name.getValue();
      case LiteralLongExpression index -> index.getValue();
      default ->
          throw places.syntaxError(
              startOf(key), "in square brackets only a written text or number is allowed");
    };
  }

  /** The dotted path of a chain of attributes that begins with a variable; else null. */
  private @Nullable String path(io.pebbletemplates.pebble.node.expression.Expression<?> parsed) {
    return switch (parsed) {
      case ContextVariableExpression variable -> variable.getName();
      case GetAttributeExpression attribute -> {
        String of = path(attribute.getNode());
        if (of == null) {
          yield null;
        }
        yield attribute.getAttributeNameExpression() instanceof LiteralStringExpression name
            ? of + "." + name.getValue()
            : of;
      }
      default -> null;
    };
  }

  /** Where an expression begins; Pebble gives the place of its last part. */
  private static int startOf(io.pebbletemplates.pebble.node.expression.Expression<?> parsed) {
    return switch (parsed) {
      case GetAttributeExpression attribute -> startOf(attribute.getNode());
      case BinaryExpression<?> binary -> startOf(binary.getLeftExpression());
      default -> parsed.getLineNumber();
    };
  }

  private static @Nullable Object attributeOf(@Nullable Object of, Object key) {
    return switch (of) {
      case Map<?, ?> map when key instanceof String -> map.get(key);
      case List<?> list when key instanceof Long index ->
          index >= 0 && index < list.size() ? list.get(index.intValue()) : null;
      case null, default -> null;
    };
  }

  /** Only of written values: lists of lists made in a loop would grow beyond any bound. */
  private Expression list(ArrayExpression list) {
    List<@Nullable Object> values = new ArrayList<>();
    for (io.pebbletemplates.pebble.node.expression.Expression<?> element : list.getValues()) {
      values.add(
          switch (element) {
            case LiteralStringExpression literal -> literal.getValue();
            case LiteralLongExpression literal -> literal.getValue();
            case LiteralDoubleExpression literal -> literal.getValue();
            case LiteralBooleanExpression literal -> literal.getValue();
            default ->
                throw places.syntaxError(
                    startOf(element), "a list may hold written texts and numbers only");
          });
    }
    return rendering -> values;
  }

  private Expression choice(TernaryExpression choice) {
    Expression condition = compile(choice.getExpression1());
    Expression yes = compile(choice.getExpression2());
    Expression no = compile(choice.getExpression3());
    return rendering ->
        Values.isTrue(condition.evaluate(rendering))
            ? yes.evaluate(rendering)
            : no.evaluate(rendering);
  }

  private Expression filter(FilterExpression filter) {
    FilterInvocationExpression call = (FilterInvocationExpression) filter.getRightExpression();
    Filters.Entry entry = Filters.get(call.getFilterName());
    if (entry == null) {
      throw places.syntaxError(
          call.getLineNumber(), "unknown filter \"" + call.getFilterName() + "\"");
    }
    List<Expression> args = arguments(call.getArgs(), call.getLineNumber());
    if (args.size() < entry.minArgs() || args.size() > entry.maxArgs()) {
      throw places.syntaxError(
          call.getLineNumber(),
          "the filter %s takes %s"
              .formatted(call.getFilterName(), count(entry.minArgs(), entry.maxArgs())));
    }
    Expression input = compile(filter.getLeftExpression());
    return rendering -> {
      List<@Nullable Object> values = new ArrayList<>(args.size());
      for (Expression arg : args) {
        values.add(arg.evaluate(rendering));
      }
      return entry.filter().apply(input.evaluate(rendering), values, rendering.budget());
    };
  }

  private static String count(int min, int max) {
    if (max == 0) {
      return "no argument";
    }
    String number = min == max ? Integer.toString(max) : min + " to " + max;
    return number + (max == 1 ? " argument" : " arguments");
  }

  private List<Expression> arguments(ArgumentsNode arguments, int at) {
    if (arguments.getNamedArgs() != null && !arguments.getNamedArgs().isEmpty()) {
      throw places.syntaxError(at, "arguments are given by their order, not by name");
    }
    List<Expression> compiled = new ArrayList<>();
    if (arguments.getPositionalArgs() != null) {
      for (PositionalArgumentNode argument : arguments.getPositionalArgs()) {
        compiled.add(compile(argument.getValueExpression()));
      }
    }
    return compiled;
  }

  private Expression test(BinaryExpression<?> test, boolean expected) {
    TestInvocationExpression call = (TestInvocationExpression) test.getRightExpression();
    Predicate<@Nullable Object> predicate = ValueTests.get(call.getTestName());
    if (predicate == null || !arguments(call.getArgs(), call.getLineNumber()).isEmpty()) {
      throw places.syntaxError(call.getLineNumber(), "unknown test \"" + call.getTestName() + "\"");
    }
    Expression input = compile(test.getLeftExpression());
    return rendering -> predicate.test(input.evaluate(rendering)) == expected;
  }

  private Expression unary(UnaryExpression unary) {
    Expression child = compile(unary.getChildExpression());
    return switch (unary) {
      case UnaryNotExpression not -> rendering -> !Values.isTrue(child.evaluate(rendering));
      case UnaryMinusExpression minus ->
          rendering -> Values.arithmetic('-', 0L, child.evaluate(rendering));
      default -> throw places.syntaxError(unary.getLineNumber(), "this is not allowed here");
    };
  }

  private Expression binary(BinaryExpression<?> binary) {
    Expression left = compile(binary.getLeftExpression());
    Expression right = compile(binary.getRightExpression());
    return switch (binary) {
      case AndExpression and ->
          r -> Values.isTrue(left.evaluate(r)) && Values.isTrue(right.evaluate(r));
      case OrExpression or ->
          r -> Values.isTrue(left.evaluate(r)) || Values.isTrue(right.evaluate(r));
      case EqualsExpression same ->
          r -> Values.areEqual(left.evaluate(r), right.evaluate(r), r.budget());
      case NotEqualsExpression other ->
          r -> !Values.areEqual(left.evaluate(r), right.evaluate(r), r.budget());
      case GreaterThanExpression more -> ordered(left, right, order -> order > 0);
      case GreaterThanEqualsExpression atLeast -> ordered(left, right, order -> order >= 0);
      case LessThanExpression less -> ordered(left, right, order -> order < 0);
      case LessThanEqualsExpression atMost -> ordered(left, right, order -> order <= 0);
      case ContainsExpression contains ->
          r -> Values.contains(left.evaluate(r), right.evaluate(r), r.budget());
      case ConcatenateExpression joined -> r -> joined(left.evaluate(r), right.evaluate(r), r);
      case AddExpression sum -> r -> sum(left.evaluate(r), right.evaluate(r), r);
      case SubtractExpression difference -> arithmetic('-', left, right);
      case MultiplyExpression product -> arithmetic('*', left, right);
      case DivideExpression quotient -> arithmetic('/', left, right);
      case ModulusExpression remainder -> arithmetic('%', left, right);
      default -> throw places.syntaxError(binary.getLineNumber(), "this is not allowed here");
    };
  }

  private static Expression ordered(Expression left, Expression right, IntPredicate wanted) {
    return rendering -> {
      Integer order =
          Values.compare(left.evaluate(rendering), right.evaluate(rendering), rendering.budget());
      return order != null && wanted.test(order);
    };
  }

  private static Expression arithmetic(char operator, Expression left, Expression right) {
    return r -> Values.arithmetic(operator, left.evaluate(r), right.evaluate(r));
  }

  private static @Nullable Object sum(
      @Nullable Object left, @Nullable Object right, Rendering rendering) {
    return left instanceof String || right instanceof String
        ? joined(left, right, rendering)
        : Values.arithmetic('+', left, right);
  }

  private static String joined(@Nullable Object left, @Nullable Object right, Rendering rendering) {
    Budget budget = rendering.budget();
    return Values.bounded(Values.text(left, budget) + Values.text(right, budget), budget);
  }
}
