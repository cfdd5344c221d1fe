package io.fanfare.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template that writes or decides what is written; {@code at} is its offset. */
sealed interface Statement {

  record Text(String text) implements Statement {}

  record Print(int at, Expression value) implements Statement {}

  record Assign(int at, String name, Expression value) implements Statement {}

  /** The first branch whose condition is true is rendered, or else the last part. */
  record Choose(int at, List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  /**
   * @param bodyCharacters how long the body is in the source, the cost of one pass
   */
  record Loop(
      int at,
      String element,
      Expression list,
      List<Statement> body,
      List<Statement> otherwise,
      int bodyCharacters)
      implements Statement {}

  /** The offset to report, or null where nothing can fail. */
  static @Nullable Integer placeOf(Statement statement) {
    return switch (statement) {
      case Text text -> null;
      case Print print -> print.at();
      case Assign assign -> assign.at();
      case Choose choose -> choose.at();
      case Loop loop -> loop.at();
    };
  }
}
