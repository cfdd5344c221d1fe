package io.fanfare.localstack.simulator.fault;

import java.nio.charset.StandardCharsets;

/** Draws that follow from the seed and an address alone, letters' case ignored. */
public final class Draw {

  private Draw() {}

  /**
   * From 0 to 1. FNV-1a, then SplitMix64's finish, because FNV alone leaves the upper bits of
   * similar addresses alike.
   *
   * @param draw another number draws independently
   */
  public static double uniform(long seed, int draw, String address) {
    long hash = 0xcbf29ce484222325L ^ (seed * 0x9e3779b97f4a7c15L) ^ draw;
    for (byte octet : address.getBytes(StandardCharsets.UTF_8)) {
      int lower = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
      hash = (hash ^ (lower & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return ((hash ^ (hash >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
