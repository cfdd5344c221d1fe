package io.fanfare.audience.freeze;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The addresses of one channel seen so far, 16 bytes each in an open-addressing table: about 60 MB
 * for two million. Text is kept as the first 128 bits of its SHA-256, so that nobody can craft two
 * addresses that are taken for one.
 */
final class AddressSet {

  private static final int FIRST_CAPACITY = 1 << 10;

  private final MessageDigest digest;
  private long[] slots = new long[FIRST_CAPACITY * 2];
  private int size;

  AddressSet() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds an e-mail address, whatever its case; false when it was there. */
  boolean add(String address) {
    ByteBuffer hash =
        ByteBuffer.wrap(
            digest.digest(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
    // The last bit marks the slot as taken; an address of two zero words would look free else.
    return add(hash.getLong(), hash.getLong() | 1);
  }

  /** Adds a number, such as a chat id; false when it was there. */
  boolean add(long address) {
    return add(address, 1);
  }

  private boolean add(long high, long low) {
    if (size * 3L > slots.length) {
      grow();
    }
    if (!place(slots, high, low)) {
      return false;
    }
    size++;
    return true;
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(slots.length, 2)];
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i + 1] != 0) {
        place(larger, slots[i], slots[i + 1]);
      }
    }
    slots = larger;
  }

  private static boolean place(long[] table, long high, long low) {
    long mixed = (high ^ low) * 0x9E3779B97F4A7C15L;
    int mask = table.length / 2 - 1;
    int index = (int) (mixed >>> 32) & mask;
    while (table[2 * index + 1] != 0) {
      if (table[2 * index] == high && table[2 * index + 1] == low) {
        return false;
      }
      index = (index + 1) & mask;
    }
    table[2 * index] = high;
    table[2 * index + 1] = low;
    return true;
  }
}
