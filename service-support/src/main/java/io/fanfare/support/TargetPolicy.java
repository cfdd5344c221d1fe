package io.fanfare.support;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses a tenant may make a service talk to: none that only the service can reach, such
 * as its own host, its network, a cloud's metadata address. The front door asks it when an account
 * is made, the worker when it connects.
 */
public final class TargetPolicy {

  /** A network that is not part of the public Internet (IANA special-purpose registries). */
  private record Network(int address, int prefixLength) {

    static Network of(int a, int b, int c, int prefixLength) {
      return new Network(a << 24 | b << 16 | c << 8, prefixLength);
    }

    boolean contains(int other) {
      return (address ^ other) >>> (32 - prefixLength) == 0;
    }
  }

  private static final List<Network> NOT_PUBLIC =
      List.of(
          Network.of(0, 0, 0, 8),
          Network.of(10, 0, 0, 8),
          Network.of(100, 64, 0, 10),
          Network.of(127, 0, 0, 8),
          Network.of(169, 254, 0, 16),
          Network.of(172, 16, 0, 12),
          Network.of(192, 0, 0, 24),
          Network.of(192, 0, 2, 24),
          Network.of(192, 168, 0, 16),
          Network.of(198, 18, 0, 15),
          Network.of(198, 51, 100, 24),
          Network.of(203, 0, 113, 24),
          // Multicast and everything reserved above it, broadcast included.
          Network.of(224, 0, 0, 3));

  private TargetPolicy() {}

  /** Whether every address of a host is on the public Internet. */
  public static boolean allows(List<InetAddress> addresses) {
    return !addresses.isEmpty() && addresses.stream().allMatch(TargetPolicy::isPublic);
  }

  /** Whether an address is on the public Internet, an IPv4 address inside an IPv6 one as well. */
  public static boolean isPublic(InetAddress address) {
    return switch (address) {
      case Inet4Address v4 -> isPublicV4(v4.getAddress(), 0);
      case Inet6Address v6 -> isPublicV6(v6.getAddress());
      default -> false;
    };
  }

  private static boolean isPublicV6(byte[] bytes) {
    if (zero(bytes, 0, 12) || prefix(bytes, 0x00, 0x64, 0xff, 0x9b)) {
      // IPv4-compatible, loopback and unspecified; NAT64, which carries an IPv4 address at its end.
      return prefix(bytes, 0x00, 0x64) && zero(bytes, 4, 12) && isPublicV4(bytes, 12);
    }
    if (prefix(bytes, 0x20, 0x02)) {
      return isPublicV4(bytes, 2);
    }
    if (prefix(bytes, 0x20, 0x01, 0x00, 0x00) || prefix(bytes, 0x20, 0x01, 0x0d, 0xb8)) {
      // Teredo, which carries IPv4 in disguise; documentation.
      return false;
    }
    // Global unicast is 2000::/3; all that is private, local or multicast lies outside of it.
    return (bytes[0] & 0xe0) == 0x20;
  }

  private static boolean isPublicV4(byte[] bytes, int offset) {
    int address =
        (bytes[offset] & 0xff) << 24
            | (bytes[offset + 1] & 0xff) << 16
            | (bytes[offset + 2] & 0xff) << 8
            | (bytes[offset + 3] & 0xff);
    return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
  }

  private static boolean zero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean prefix(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
