package io.fanfare.dispatch.control;

import java.util.LinkedHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps what was used last, as much as fits into a number of entries and bytes. For one thread. */
final class ByteBound<K, V> {

  private record Held<V>(V value, int bytes) {}

  private final LinkedHashMap<K, Held<V>> held = new LinkedHashMap<>(16, 0.75f, true);
  private final int mostEntries;
  private final long mostBytes;
  private long bytes;

  ByteBound(int mostEntries, long mostBytes) {
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
  }

  @Nullable V get(K key) {
    Held<V> found = held.get(key);
    return found == null ? null : found.value();
  }

  /** What is larger than all may be is kept alone. */
  void put(K key, V value, int size) {
    remove(key);
    held.put(key, new Held<>(value, size));
    bytes += size;
    while (held.size() > mostEntries || bytes > mostBytes && held.size() > 1) {
      remove(held.firstEntry().getKey());
    }
  }

  void remove(K key) {
    Held<V> gone = held.remove(key);
    bytes -= gone == null ? 0 : gone.bytes();
  }

  void removeIf(Predicate<K> which) {
    for (K key : held.sequencedKeySet().stream().filter(which).toList()) {
      remove(key);
    }
  }

  long bytes() {
    return bytes;
  }
}
