package io.fanfare.model;

import java.util.Arrays;

/** Numbers states in the order in which they are seen, by 128 bits of a hash. */
final class StateTable {

  private long[] high = new long[1 << 17];
  private long[] low = new long[1 << 17];
  private int[] numbers = new int[1 << 17];
  private int size;

  StateTable() {
    Arrays.fill(numbers, -1);
  }

  int size() {
    return size;
  }

  /** Its number; −1 − number when it is new. */
  int number(byte[] state) {
    long a = hash(state, 0x9E3779B97F4A7C15L);
    long b = hash(state, 0xC2B2AE3D27D4EB4FL);
    int at = find(a, b);
    if (numbers[at] >= 0) {
      return numbers[at];
    }
    put(at, a, b, size++);
    if (size > numbers.length / 2) {
      grow();
    }
    return -size;
  }

  private int find(long a, long b) {
    int mask = numbers.length - 1;
    int at = (int) a & mask;
    while (numbers[at] >= 0 && (high[at] != a || low[at] != b)) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void put(int at, long a, long b, int number) {
    high[at] = a;
    low[at] = b;
    numbers[at] = number;
  }

  private void grow() {
    long[] oldHigh = high;
    long[] oldLow = low;
    int[] oldNumbers = numbers;
    high = new long[oldHigh.length * 2];
    low = new long[high.length];
    numbers = new int[high.length];
    Arrays.fill(numbers, -1);
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] >= 0) {
        put(find(oldHigh[i], oldLow[i]), oldHigh[i], oldLow[i], oldNumbers[i]);
      }
    }
  }

  private static long hash(byte[] bytes, long seed) {
    long hash = seed;
    for (byte value : bytes) {
      hash = (hash ^ value) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 32;
    }
    hash *= 0xC4CEB9FE1A85EC53L;
    return hash ^ hash >>> 29;
  }
}
