package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.channel.network.TargetRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Connections to servers that tenants name: where they may lead, and encrypted from the beginning
 * (RFC 8314) or not at all.
 */
final class MailboxConnection {

  private MailboxConnection() {}

  /**
   * Connects.
   *
   * @param connectTimeout for the connection and, once more, for the handshake on it
   * @param replyTimeout for what the server says next, from then on
   * @throws MailboxFailed when it may not or cannot
   */
  static Socket open(
      BounceMailbox mailbox,
      AllowedTargets targets,
      SSLSocketFactory tls,
      Duration connectTimeout,
      Duration replyTimeout)
      throws IOException {
    Socket socket = connect(mailbox, targets, connectTimeout);
    try {
      if (mailbox.tls()) {
        socket = encrypted(socket, mailbox, tls, connectTimeout);
      }
      socket.setSoTimeout((int) replyTimeout.toMillis());
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket connect(
      BounceMailbox mailbox, AllowedTargets targets, Duration connectTimeout) throws IOException {
    List<InetAddress> addresses;
    try {
      addresses = targets.resolve(mailbox.host());
    } catch (TargetRefused e) {
      throw new MailboxFailed("address_not_allowed", String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      throw new MailboxFailed("host_unknown", "the host has no address");
    }
    IOException last = null;
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(address, mailbox.port()), (int) connectTimeout.toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw new MailboxFailed("unreachable", "nobody answers: " + last);
  }

  private static Socket encrypted(
      Socket plain, BounceMailbox mailbox, SSLSocketFactory tls, Duration timeout)
      throws IOException {
    plain.setSoTimeout((int) timeout.toMillis());
    try {
      SSLSocket socket = (SSLSocket) tls.createSocket(plain, mailbox.host(), mailbox.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (SSLException e) {
      throw new MailboxFailed("tls_refused", "no encrypted connection: " + e.getMessage());
    }
  }
}
