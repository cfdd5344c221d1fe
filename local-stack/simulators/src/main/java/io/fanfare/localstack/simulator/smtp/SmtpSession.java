package io.fanfare.localstack.simulator.smtp;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.MarkerKey;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.wire.WireInput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection of RFC 5321. Answers are collected while commands are waiting in the buffer and
 * written when it is drained, so that pipelined groups cost one write.
 */
final class SmtpSession {

  private static final int COMMAND_MOST = 2_048;
  private static final MarkerKey UNSEEN = new MarkerKey(Channel.EMAIL, "");

  private final SmtpSettings settings;
  private final Faults faults;
  private final ProviderLog log;
  private final MailData data = new MailData();
  private final Delivery delivery;

  private Socket socket;
  private WireInput in;
  private OutputStream out;

  private boolean greeted;
  private @Nullable String account;
  private @Nullable Envelope envelope;
  private int messages;
  private boolean open = true;

  SmtpSession(Socket socket, SmtpSettings settings, Faults faults, ProviderLog log)
      throws IOException {
    this.settings = settings;
    this.faults = faults;
    this.log = log;
    this.delivery = new Delivery(faults, log);
    this.socket = socket;
    this.in = new WireInput(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 8 << 10);
  }

  void run() throws IOException {
    answer("220 simulator.fanfare.test ESMTP");
    while (open) {
      if (in.isDrained()) {
        out.flush();
      }
      try {
        var line = in.line(COMMAND_MOST);
        if (line == null) {
          return;
        }
        command(line);
      } catch (WireInput.LineTooLong e) {
        answer("500 5.5.6 Line too long");
      }
    }
    out.flush();
    in.lingerUntilClosed(socket);
  }

  private void command(String line) throws IOException {
    int space = line.indexOf(' ');
    var verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    var argument = space < 0 ? "" : line.substring(space + 1).trim();
    switch (verb) {
      case "MAIL" -> mail(argument);
      case "RCPT" -> recipient(argument);
      case "DATA" -> data();
      case "EHLO" -> hello(argument, true);
      case "HELO" -> hello(argument, false);
      case "RSET" -> {
        envelope = null;
        answer("250 2.0.0 Ok");
      }
      case "NOOP" -> answer("250 2.0.0 Ok");
      case "VRFY" -> answer("252 2.1.5 Send some mail to find out");
      case "AUTH" -> authenticate(argument);
      case "STARTTLS" -> startTls();
      case "QUIT" -> end("221 2.0.0 Bye");
      default -> answer("500 5.5.2 Unknown command");
    }
  }

  private void hello(String name, boolean extended) throws IOException {
    if (name.isEmpty()) {
      answer("501 5.5.4 A name is missing");
      return;
    }
    greeted = true;
    envelope = null;
    if (!extended) {
      answer("250 simulator.fanfare.test");
      return;
    }
    answer("250-simulator.fanfare.test");
    if (settings.pipelining()) {
      answer("250-PIPELINING");
    }
    if (settings.tls() != null && !(socket instanceof SSLSocket)) {
      answer("250-STARTTLS");
    }
    answer("250-AUTH PLAIN LOGIN");
    answer("250-SIZE " + MailData.MOST);
    answer("250-8BITMIME");
    answer("250 ENHANCEDSTATUSCODES");
  }

  private void authenticate(String argument) throws IOException {
    if (account != null || envelope != null) {
      answer("503 5.5.1 Not now");
      return;
    }
    var exchange = new SmtpLogin(in, out, COMMAND_MOST).read(argument);
    switch (exchange) {
      case SmtpLogin.Malformed(String reply) -> answer(reply);
      case SmtpLogin.Presented(String username, String password) -> {
        var login = settings.login();
        boolean right =
            login == null
                || (login.username().equals(username) && login.password().equals(password));
        if (!right || faults.plan().refuseCredentials()) {
          answer("535 5.7.8 Authentication credentials invalid");
        } else {
          account = username;
          answer("235 2.7.0 Authentication successful");
        }
      }
    }
  }

  private void startTls() throws IOException {
    var tls = settings.tls();
    if (tls == null || socket instanceof SSLSocket) {
      answer("502 5.5.1 Not offered");
      return;
    }
    if (!in.isDrained()) {
      // What came before the handshake could be anybody's (RFC 3207 §6).
      end("554 5.5.1 Commands after STARTTLS must wait for the handshake");
      return;
    }
    answer("220 2.0.0 Ready to start TLS");
    out.flush();
    var secured =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    socket = secured;
    in = new WireInput(secured.getInputStream());
    out = new BufferedOutputStream(secured.getOutputStream(), 8 << 10);
    greeted = false;
    account = null;
    envelope = null;
  }

  private void mail(String argument) throws IOException {
    var path =
        argument.regionMatches(true, 0, "FROM:", 0, 5)
            ? Envelope.Path.parse(argument.substring(5)).orElse(null)
            : null;
    if (path == null) {
      answer("501 5.5.4 MAIL FROM:<address> expected");
    } else if (!greeted) {
      answer("503 5.5.1 EHLO first");
    } else if (envelope != null) {
      answer("503 5.5.1 Nested MAIL");
    } else if (account == null && (settings.login() != null || faults.plan().refuseCredentials())) {
      answer("530 5.7.0 Authentication required");
    } else if (path.hasUnknownParameter()) {
      answer("555 5.5.4 Unknown parameter");
    } else if (path.size() > MailData.MOST) {
      answer("552 5.3.4 Message too large");
    } else if (settings.messagesPerConnection() > 0
        && messages >= settings.messagesPerConnection()) {
      end("421 4.7.0 Enough messages on this connection");
    } else if (!faults.admits(System.nanoTime())) {
      log.limited(UNSEEN);
      end("421 4.7.0 Too many messages, slow down");
    } else {
      messages++;
      envelope = Envelope.from(path.address());
      answer("250 2.1.0 Ok");
    }
  }

  private void recipient(String argument) throws IOException {
    var path =
        argument.regionMatches(true, 0, "TO:", 0, 3)
            ? Envelope.Path.parse(argument.substring(3)).orElse(null)
            : null;
    if (envelope == null) {
      answer("503 5.5.1 MAIL first");
    } else if (path == null || path.address().isEmpty()) {
      answer("501 5.5.4 RCPT TO:<address> expected");
    } else if (path.address().indexOf('@') < 1) {
      answer("550 5.1.3 Not an address");
    } else if (envelope.recipients().size() >= Envelope.MOST_RECIPIENTS) {
      answer("452 4.5.3 Too many recipients");
    } else {
      var fate = faults.plan().fate(path.address());
      if (fate == Fate.REFUSED || fate == Fate.UNKNOWN) {
        log.tried(UNSEEN, fate);
        answer(
            fate == Fate.REFUSED
                ? "550 5.1.1 <" + path.address() + ">: user unknown"
                : "550 5.1.10 <" + path.address() + ">: no such recipient");
      } else {
        envelope.recipients().add(path.address());
        answer("250 2.1.5 Ok");
      }
    }
  }

  private void data() throws IOException {
    var current = envelope;
    if (current == null) {
      answer("503 5.5.1 MAIL first");
      return;
    }
    if (current.recipients().isEmpty()) {
      // As Postfix: the transaction stays open until RSET.
      answer("554 5.5.1 No valid recipients");
      return;
    }
    answer("354 End data with <CR><LF>.<CR><LF>");
    if (in.isDrained()) {
      out.flush();
    }
    data.read(in);
    envelope = null;
    var verdict = delivery.deliver(current, account == null ? "" : account, data);
    if (verdict.stallMillis() > 0) {
      out.flush();
      stall(verdict.stallMillis());
    }
    if (verdict.reply() == null) {
      // Earlier answers were not dropped, only this one.
      open = false;
    } else if (verdict.closes()) {
      end(verdict.reply());
    } else {
      answer(verdict.reply());
    }
  }

  private static void stall(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while stalling", e);
    }
  }

  private void end(String reply) throws IOException {
    answer(reply);
    open = false;
  }

  private void answer(String reply) throws IOException {
    out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
    out.write('\r');
    out.write('\n');
  }
}
