package io.fanfare.localstack.simulator.smtp;

import java.net.InetAddress;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the SMTP server presents itself.
 *
 * @param address to listen on
 * @param port 0 for any free one
 * @param login required before mail is taken, when not null; else any login is accepted and none
 *     needed
 * @param pipelining whether PIPELINING is announced (it works either way)
 * @param tls offered by STARTTLS when not null
 * @param messagesPerConnection after so many the server closes with 421; 0 for any number
 */
public record SmtpSettings(
    InetAddress address,
    int port,
    @Nullable Login login,
    boolean pipelining,
    @Nullable SSLContext tls,
    int messagesPerConnection) {

  /** The only user name and password that are accepted. */
  public record Login(String username, String password) {}

  /** Loopback, any port, no login needed, pipelining, no TLS. */
  public static SmtpSettings local() {
    return new SmtpSettings(InetAddress.getLoopbackAddress(), 0, null, true, null, 0);
  }

  public SmtpSettings onPort(int port) {
    return new SmtpSettings(address, port, login, pipelining, tls, messagesPerConnection);
  }

  public SmtpSettings withLogin(String username, String password) {
    return new SmtpSettings(
        address, port, new Login(username, password), pipelining, tls, messagesPerConnection);
  }

  public SmtpSettings withoutPipelining() {
    return new SmtpSettings(address, port, login, false, tls, messagesPerConnection);
  }

  public SmtpSettings withTls(SSLContext context) {
    return new SmtpSettings(address, port, login, pipelining, context, messagesPerConnection);
  }

  public SmtpSettings withMessagesPerConnection(int messages) {
    return new SmtpSettings(address, port, login, pipelining, tls, messages);
  }
}
