package io.fanfare.model;

import java.util.ArrayList;
import java.util.List;

/** Small sorted sets that are never changed in place. */
final class Lists {

  private Lists() {}

  static <T extends Comparable<T>> List<T> plus(List<T> set, T element) {
    if (set.contains(element)) {
      return set;
    }
    List<T> more = new ArrayList<>(set);
    more.add(element);
    more.sort(null);
    return more;
  }

  static <T> List<T> minus(List<T> set, T element) {
    List<T> less = new ArrayList<>(set);
    less.remove(element);
    return less;
  }

  static <T> List<T> added(List<T> list, T element) {
    List<T> more = new ArrayList<>(list);
    more.add(element);
    return more;
  }

  static <T> List<T> with(List<T> list, int index, T element) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, element);
    return changed;
  }
}
