package io.fanfare.dispatch.channel.network;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells public addresses from those of the IANA special-purpose registries (RFC 6890). */
final class TargetPolicy {

  private TargetPolicy() {}

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublicV4(bytes, 0) : isPublicV6(bytes);
  }

  /** Four bytes from {@code at} on; also used for addresses wrapped in a longer one. */
  private static boolean isPublicV4(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second < 64 || second > 127;
      case 169 -> second != 254;
      case 172 -> second < 16 || second > 31;
      case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2));
      case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224;
    };
  }

  private static boolean isPublicV6(byte[] bytes) {
    boolean uniqueLocal = (bytes[0] & 0xfe) == 0xfc;
    if (uniqueLocal) {
      return false;
    }
    // IPv4 wrapped in IPv6: ::a.b.c.d, NAT64 64:ff9b::/96 and 6to4 2002::/16 lead to the inner one.
    if (startsWith(bytes, 12, 0, 0) || startsWith(bytes, 12, 0x0064, 0xff9b)) {
      return isPublicV4(bytes, 12);
    }
    boolean sixToFour = (bytes[0] & 0xff) == 0x20 && (bytes[1] & 0xff) == 0x02;
    return !sixToFour || isPublicV4(bytes, 2);
  }

  /** True when the first two groups are as given and the rest up to {@code until} is zero. */
  private static boolean startsWith(byte[] bytes, int until, int group0, int group1) {
    if (((bytes[0] & 0xff) << 8 | bytes[1] & 0xff) != group0
        || ((bytes[2] & 0xff) << 8 | bytes[3] & 0xff) != group1) {
      return false;
    }
    for (int i = 4; i < until; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
