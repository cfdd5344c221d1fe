package io.fanfare.audience.imports;

/**
 * The keys of the rows of a file, as 64-bit hashes: two of four million are alike once in two
 * million files, and then a count of duplicates is one too high. Beyond {@link #MOST} further keys
 * are not remembered.
 */
final class KeySet {

  /** How many are remembered, in 64 MB. */
  static final int MOST = 4_000_000;

  private long[] slots = new long[1 << 12];
  private int size;

  /** A key's hash, never 0. */
  static long hash(String key) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
    }
    // FNV's low bits are weak; this is the finaliser of SplitMix64.
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    hash ^= hash >>> 31;
    return hash == 0 ? 1 : hash;
  }

  /** Adds a key; false when it was there. */
  boolean add(long hash) {
    int slot = slot(slots, hash);
    if (slots[slot] != 0) {
      return false;
    }
    if (size < MOST) {
      slots[slot] = hash;
      if (++size * 2L > slots.length) {
        grow();
      }
    }
    return true;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long hash : slots) {
      if (hash != 0) {
        larger[slot(larger, hash)] = hash;
      }
    }
    slots = larger;
  }

  private static int slot(long[] slots, long hash) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0 && slots[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
