package io.fanfare.dispatch.channel.network;

import java.net.UnknownHostException;

/** A host leads to an address no account may reach; the message names the host, not the address. */
public final class TargetRefused extends UnknownHostException {

  private static final long serialVersionUID = 1L;

  TargetRefused(String host) {
    super(host + " leads to a private, loopback or link-local address");
  }
}
