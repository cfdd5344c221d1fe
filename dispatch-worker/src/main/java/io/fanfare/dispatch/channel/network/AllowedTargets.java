package io.fanfare.dispatch.channel.network;

import io.fanfare.support.TargetPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Resolves the host of a channel account and refuses it when any of its addresses is private,
 * loopback, link-local or otherwise not of the public internet. Callers connect to the addresses
 * returned here and never resolve again, else a second answer of the name server could differ.
 */
public final class AllowedTargets {

  private final boolean privateAllowed;

  /**
   * @param privateAllowed true where accounts may reach the worker's own network, as on a
   *     developer's machine or in a company with a mail relay of its own
   */
  public AllowedTargets(boolean privateAllowed) {
    this.privateAllowed = privateAllowed;
  }

  /**
   * The addresses of a host, at least one.
   *
   * @throws TargetRefused when one of them may not be reached
   * @throws UnknownHostException when the host has no address
   */
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
    if (!privateAllowed && !addresses.stream().allMatch(TargetPolicy::isPublic)) {
      throw new TargetRefused(host);
    }
    return addresses;
  }
}
