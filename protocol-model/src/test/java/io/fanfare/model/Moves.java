package io.fanfare.model;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The steps that may follow on a world. */
final class Moves {

  /**
   * A step.
   *
   * @param fault what it costs; null for one that happens by itself sooner or later
   */
  record Move(String name, @Nullable Fault fault, World world) {}

  final World from;
  final Mutation mutation;
  final DeliveryPolicy policy;
  private final List<Move> moves = new ArrayList<>();

  private Moves(World from, Mutation mutation, DeliveryPolicy policy) {
    this.from = from;
    this.mutation = mutation;
    this.policy = policy;
  }

  static List<Move> of(World from, Mutation mutation, DeliveryPolicy policy) {
    Moves all = new Moves(from, mutation, policy);
    new OperatorMoves(all).add();
    new AudienceMoves(all).add();
    new RetryMoves(all).add();
    new WorkerMoves(all, 0).add();
    new WorkerMoves(all, 1).add();
    return all.moves;
  }

  boolean mutated(Mutation one) {
    return mutation == one;
  }

  /** A step that happens by itself. */
  void free(String name, Consumer<World> change) {
    World next = new World(from);
    change.accept(next);
    moves.add(new Move(name, null, next));
  }

  /** A step that happens as often as the budget says. */
  void costing(Fault fault, String name, Consumer<World> change) {
    if (from.budget[fault.ordinal()] > 0) {
      World next = new World(from);
      next.budget[fault.ordinal()]--;
      change.accept(next);
      moves.add(new Move(name, fault, next));
    }
  }
}
