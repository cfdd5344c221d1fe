package io.fanfare.model;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Visits every world that can follow within a budget of faults, nearest first, and checks each.
 * Worlds are remembered by 128 bits of a hash; of twenty million, two share it with a probability
 * of 10⁻²⁴.
 */
final class Search {

  /**
   * What came out.
   *
   * @param states worlds visited
   * @param broken what does not hold; null when everything does
   * @param trace the shortest way there
   */
  record Result(int states, @Nullable String broken, List<String> trace) {
    @Override
    public String toString() {
      return broken == null
          ? states + " states, every guarantee holds"
          : "after " + states + " states: " + broken + "\n  " + String.join("\n  ", trace);
    }
  }

  private final Mutation mutation;
  private final DeliveryPolicy policy;
  private final int most;
  private final StateTable known = new StateTable();
  private final IntList parents = new IntList();
  private final IntList names = new IntList();
  private final IntList firstEdges = new IntList();
  private final IntList edges = new IntList();
  private final BitSet ends = new BitSet();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  private Search(Mutation mutation, DeliveryPolicy policy, int most) {
    this.mutation = mutation;
    this.policy = policy;
    this.most = most;
  }

  static Result run(
      Map<Fault, Integer> budget, Mutation mutation, DeliveryPolicy policy, int most) {
    return run(budget, mutation, policy, false, most);
  }

  /**
   * @param fallback the contact falls back to a second channel
   */
  static Result run(
      Map<Fault, Integer> budget,
      Mutation mutation,
      DeliveryPolicy policy,
      boolean fallback,
      int most) {
    int[] left = new int[Fault.values().length];
    budget.forEach((fault, times) -> left[fault.ordinal()] = times);
    return new Search(mutation, policy, most).from(new World(left, fallback));
  }

  private Result from(World first) {
    List<World> level = List.of(first);
    visit(first, -1, "");
    int number = 0;
    while (!level.isEmpty()) {
      List<World> next = new ArrayList<>();
      for (World world : level) {
        firstEdges.add(edges.size());
        String broken = expand(world, number, next);
        if (broken != null) {
          return new Result(known.size(), broken, trace(number));
        }
        number++;
      }
      if (known.size() > most) {
        throw new IllegalStateException("more than " + most + " states");
      }
      level = next;
    }
    firstEdges.add(edges.size());
    return stuck();
  }

  private @Nullable String expand(World world, int number, List<World> next) {
    String broken = Guarantees.broken(world, policy);
    if (broken != null) {
      return broken;
    }
    try {
      for (Moves.Move move : Moves.of(world, mutation, policy)) {
        int to = visit(move.world(), number, move.name());
        if (to < 0) {
          to = -1 - to;
          next.add(move.world());
        }
        if (move.fault() == null) {
          edges.add(to);
        }
      }
    } catch (Violation violation) {
      return violation.getMessage();
    }
    return null;
  }

  /** Its number; −1 − number when it is new. */
  private int visit(World world, int parent, String name) {
    int number = known.number(Canonical.form(world));
    if (number >= 0) {
      return number;
    }
    parents.add(parent);
    names.add(
        numbers.computeIfAbsent(
            name,
            text -> {
              texts.add(text);
              return texts.size() - 1;
            }));
    if (Guarantees.over(world)) {
      ends.set(-1 - number);
    }
    return number;
  }

  /** The nearest world from which nothing that happens by itself leads to an end. */
  private Result stuck() {
    BitSet ending = (BitSet) ends.clone();
    boolean more = true;
    while (more) {
      more = false;
      for (int state = known.size() - 1; state >= 0; state--) {
        if (!ending.get(state) && leadsInto(state, ending)) {
          ending.set(state);
          more = true;
        }
      }
    }
    int lost = ending.nextClearBit(0);
    return lost >= known.size()
        ? new Result(known.size(), null, List.of())
        : new Result(known.size(), "the recipient never ends", trace(lost));
  }

  private boolean leadsInto(int state, BitSet ending) {
    for (int i = firstEdges.get(state); i < firstEdges.get(state + 1); i++) {
      if (ending.get(edges.get(i))) {
        return true;
      }
    }
    return false;
  }

  private List<String> trace(int state) {
    List<String> steps = new ArrayList<>();
    for (int at = state; parents.get(at) >= 0; at = parents.get(at)) {
      steps.add(texts.get(names.get(at)));
    }
    return steps.reversed();
  }

  /** Integers that only grow in number. */
  private static final class IntList {
    private int[] values = new int[1 << 16];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size + (size >> 1));
      }
      values[size++] = value;
    }

    int get(int index) {
      return values[index];
    }

    int size() {
      return size;
    }
  }
}
