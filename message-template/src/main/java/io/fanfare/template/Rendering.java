package io.fanfare.template;

import io.fanfare.template.Values.SafeText;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rendering of one template: the values it sees, what it has written, what it may still use.
 */
final class Rendering {

  private final Map<String, Object> data;
  private final Escaping escaping;
  private final TemplateLimits limits;
  private final StringBuilder out;
  private final Map<String, @Nullable Object> locals = new HashMap<>();
  private final Budget budget;
  private long ownCharacters;

  Rendering(Map<String, Object> data, Escaping escaping, TemplateLimits limits, int expected) {
    this.data = data;
    this.escaping = escaping;
    this.limits = limits;
    this.out = new StringBuilder(Math.min(expected, limits.outputCharacters()));
    this.budget = new Budget(limits);
  }

  String output() {
    return out.toString();
  }

  Budget budget() {
    return budget;
  }

  @Nullable Object variable(String name) {
    return locals.containsKey(name) ? locals.get(name) : data.get(name);
  }

  void run(List<Statement> body, SourceMap places) {
    for (Statement statement : body) {
      try {
        run(statement, places);
      } catch (EvaluationFailure failure) {
        Integer at = Statement.placeOf(statement);
        throw places.renderError(at == null ? 0 : at, failure.reason());
      }
    }
  }

  private void run(Statement statement, SourceMap places) {
    switch (statement) {
      case Statement.Text text -> write(text.text());
      case Statement.Print print -> print(print.value().evaluate(this));
      case Statement.Assign assign -> define(assign.name(), assign.value().evaluate(this));
      case Statement.Choose choose -> choose(choose, places);
      case Statement.Loop loop -> loop(loop, places);
    }
  }

  private void choose(Statement.Choose choose, SourceMap places) {
    for (Statement.Branch branch : choose.branches()) {
      if (Values.isTrue(branch.condition().evaluate(this))) {
        run(branch.body(), places);
        return;
      }
    }
    run(choose.otherwise(), places);
  }

  private void loop(Statement.Loop loop, SourceMap places) {
    Object value = loop.list().evaluate(this);
    if (Values.isEmpty(value)) {
      run(loop.otherwise(), places);
      return;
    }
    if (!(value instanceof Collection<?> elements)) {
      throw new EvaluationFailure("only a list can be looped over");
    }
    boolean hid = locals.containsKey(loop.element());
    Object hidden = locals.get(loop.element());
    Object outer = locals.get("loop");
    int index = 0;
    for (Object element : elements) {
      budget.spendPass(loop.bodyCharacters());
      define(loop.element(), element);
      locals.put("loop", position(index, elements.size()));
      run(loop.body(), places);
      index++;
    }
    restore(loop.element(), hid, hidden);
    restore("loop", outer != null, outer);
  }

  private static Map<String, Object> position(int index, int length) {
    return Map.of(
        "index",
        (long) index,
        "length",
        (long) length,
        "first",
        index == 0,
        "last",
        index == length - 1);
  }

  private void restore(String name, boolean wasThere, @Nullable Object value) {
    if (wasThere) {
      define(name, value);
    } else {
      ownCharacters -= Values.characters(locals.remove(name));
    }
  }

  private void define(String name, @Nullable Object value) {
    Object before = locals.put(name, value);
    ownCharacters += Values.characters(value) - Values.characters(before);
    if (ownCharacters > limits.ownCharacters()) {
      throw new EvaluationFailure(
          "the names this template sets hold more than " + limits.ownCharacters() + " characters");
    }
  }

  private void print(@Nullable Object value) {
    if (value == null) {
      return;
    }
    String text = value instanceof SafeText safe ? safe.text() : Values.text(value, budget);
    if (escaping == Escaping.HTML && !(value instanceof SafeText)) {
      HtmlEscape.append(text, out);
      checkOutput();
    } else {
      write(text);
    }
  }

  private void write(String text) {
    out.append(text);
    checkOutput();
  }

  private void checkOutput() {
    if (out.length() > limits.outputCharacters()) {
      throw new EvaluationFailure(
          "the output is longer than " + limits.outputCharacters() + " characters");
    }
  }
}
