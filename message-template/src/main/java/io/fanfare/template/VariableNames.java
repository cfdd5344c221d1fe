package io.fanfare.template;

import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers which values from outside a template uses. Names the template makes itself, by loops and
 * assignments, are left out: what they stand for was gathered where they were made.
 */
final class VariableNames {

  /** Groups of values; a template names the values in them, never the whole group. */
  private static final Set<String> GROUPS =
      Set.of("contact", "contact.custom", "broadcast", "vars");

  /** Names a template may not give to its own values. */
  private static final Set<String> RESERVED =
      Set.of("contact", "broadcast", "vars", "current_date", "current_time", "loop");

  private final SortedSet<String> used = new TreeSet<>();
  private final Set<String> locals = new HashSet<>();
  private int loopDepth;

  SortedSet<String> used() {
    return used;
  }

  void use(String path, int at, SourceMap places) {
    int dot = path.indexOf('.');
    String root = dot < 0 ? path : path.substring(0, dot);
    if (locals.contains(root) || (root.equals("loop") && loopDepth > 0)) {
      return;
    }
    if (GROUPS.contains(path)) {
      throw places.syntaxError(
          at, path + " is a group of values: name one of them, as in " + path + ".name");
    }
    used.add(leaf(path));
  }

  /** {@code contact.custom.address.city} is a part of the field {@code contact.custom.address}. */
  private static String leaf(String path) {
    String prefix = path.startsWith("contact.custom.") ? "contact.custom." : firstPart(path);
    if (prefix == null) {
      return path;
    }
    int end = path.indexOf('.', prefix.length());
    return end < 0 ? path : path.substring(0, end);
  }

  private static @Nullable String firstPart(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? null : path.substring(0, dot + 1);
  }

  void define(String name, int at, SourceMap places) {
    if (RESERVED.contains(name)) {
      throw places.syntaxError(at, name + " is taken: choose another name");
    }
    locals.add(name);
  }

  void enterLoop() {
    loopDepth++;
  }

  void leaveLoop() {
    loopDepth--;
  }
}
