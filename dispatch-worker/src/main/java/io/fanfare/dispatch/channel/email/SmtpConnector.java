package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.channel.network.TargetRefused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Opens connections: TCP, greeting, EHLO, encryption, login. Gives one ready for an envelope. */
final class SmtpConnector {

  private final SmtpSettings settings;
  private final AllowedTargets targets;
  private final SSLSocketFactory tls;
  private final ConnectionWatchdog watchdog;

  SmtpConnector(
      SmtpSettings settings,
      AllowedTargets targets,
      SSLSocketFactory tls,
      ConnectionWatchdog watchdog) {
    this.settings = settings;
    this.targets = targets;
    this.tls = tls;
    this.watchdog = watchdog;
  }

  /**
   * Opens a connection.
   *
   * @param accountVersion kept with the connection
   * @throws SmtpOpenFailed when the server is not reached, refuses the account or speaks no SMTP
   */
  SmtpConnection open(SmtpAccount account, long accountVersion) throws SmtpOpenFailed {
    @Nullable SmtpConnection connection = null;
    boolean ready = false;
    try {
      connection = new SmtpConnection(connect(account), watchdog, accountVersion);
      greet(connection, account);
      ready = true;
      return connection;
    } catch (IOException failed) {
      throw new SmtpOpenFailed(outcome(failed));
    } finally {
      if (connection != null && !ready) {
        connection.close();
      }
    }
  }

  private Socket connect(SmtpAccount account) throws IOException {
    IOException last = new UnknownHostException(account.host());
    for (InetAddress address : targets.resolve(account.host())) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        int timeout = Math.toIntExact(settings.connectTimeout().toMillis());
        socket.connect(new InetSocketAddress(address, account.port()), timeout);
        return socket;
      } catch (IOException failed) {
        socket.close();
        last = failed;
      }
    }
    throw last;
  }

  private void greet(SmtpConnection connection, SmtpAccount account)
      throws IOException, SmtpOpenFailed {
    if (account.security() == SmtpAccount.Security.TLS) {
      encrypt(connection, account);
    }
    require(connection.read(settings.replyTimeout()));
    List<String> capabilities = hello(connection);
    if (account.security() == SmtpAccount.Security.STARTTLS) {
      if (!capabilities.contains("STARTTLS")) {
        throw new SmtpOpenFailed(
            new SendOutcome.AccountRefused(
                new Cause("starttls_missing", "the server does not offer STARTTLS", null)));
      }
      require(command(connection, "STARTTLS"));
      encrypt(connection, account);
      // What was announced in the clear may have been put there by somebody on the way.
      capabilities = hello(connection);
    }
    connection.setPipelining(capabilities.contains("PIPELINING"));
    if (account.username() != null) {
      new SmtpLogin(settings).login(connection, capabilities, account);
    }
  }

  private void encrypt(SmtpConnection connection, SmtpAccount account) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.createSocket(connection.raw(), account.host(), account.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    connection.within(settings.connectTimeout(), secure::startHandshake);
    connection.encrypted(secure.getInputStream(), secure.getOutputStream());
  }

  /** Greets and gives what the server can do: keywords with their parameters, upper case. */
  private List<String> hello(SmtpConnection connection) throws IOException, SmtpOpenFailed {
    InetAddress local = connection.raw().getLocalAddress();
    String literal =
        "[" + (local instanceof Inet6Address ? "IPv6:" : "") + plain(local.getHostAddress()) + "]";
    SmtpReply reply = command(connection, "EHLO " + literal);
    if (reply.isPermanent()) {
      require(command(connection, "HELO " + literal));
      return List.of();
    }
    require(reply);
    List<String> capabilities = new ArrayList<>();
    for (String line : reply.lines().subList(1, reply.lines().size())) {
      String[] words = line.strip().toUpperCase(Locale.ROOT).split("[ =]+");
      capabilities.add(words[0]);
      if (words[0].equals("AUTH")) {
        Arrays.stream(words)
            .skip(1)
            .map(mechanism -> "AUTH " + mechanism)
            .forEach(capabilities::add);
      }
    }
    return capabilities;
  }

  private static String plain(String hostAddress) {
    int zone = hostAddress.indexOf('%');
    return zone < 0 ? hostAddress : hostAddress.substring(0, zone);
  }

  private SmtpReply command(SmtpConnection connection, String line) throws IOException {
    connection.outgoing().ascii(line).ascii("\r\n");
    connection.write(settings.writeTimeout());
    return connection.read(settings.replyTimeout());
  }

  private static void require(SmtpReply reply) throws IOException, SmtpOpenFailed {
    if (reply.isRefusal()) {
      throw new SmtpOpenFailed(SmtpReplyPolicy.refused(SmtpStage.GREETING, reply));
    }
    if (!reply.isPositive()) {
      throw new SmtpGarbage("the server answered " + reply.code() + " to a greeting");
    }
  }

  private static SendOutcome outcome(IOException failed) {
    return switch (failed) {
      case TargetRefused refused ->
          new SendOutcome.AccountRefused(cause("address_not_allowed", refused));
      case UnknownHostException unknown ->
          notSent("host_unknown", "the host " + unknown.getMessage() + " has no address");
      // A handshake that merely broke off is of this class as well.
      case SSLHandshakeException untrusted
          when untrusted.getCause() instanceof CertificateException ->
          new SendOutcome.AccountRefused(cause("tls_refused", untrusted));
      case SSLPeerUnverifiedException untrusted ->
          new SendOutcome.AccountRefused(cause("tls_refused", untrusted));
      case SSLException broken -> new SendOutcome.NotSent(cause("tls_failed", broken));
      case SocketTimeoutException late -> new SendOutcome.NotSent(cause("connect_timeout", late));
      case ConnectException refused ->
          new SendOutcome.NotSent(cause("connection_refused", refused));
      case SmtpGarbage garbage -> new SendOutcome.NotSent(cause("reply_unreadable", garbage));
      default -> new SendOutcome.NotSent(cause("connection_lost", failed));
    };
  }

  private static SendOutcome notSent(String code, String detail) {
    return new SendOutcome.NotSent(new Cause(code, detail, null));
  }

  private static Cause cause(String code, IOException failed) {
    String message = failed.getMessage();
    return new Cause(code, message == null ? failed.getClass().getSimpleName() : message, null);
  }
}
