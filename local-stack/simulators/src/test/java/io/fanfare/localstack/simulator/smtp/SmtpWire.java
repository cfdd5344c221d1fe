package io.fanfare.localstack.simulator.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A raw SMTP client: writes bytes as given, reads replies line by line. */
final class SmtpWire implements AutoCloseable {

  private Socket socket;
  private BufferedReader in;

  SmtpWire(int port) throws IOException {
    use(new Socket(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(10_000);
  }

  static SmtpWire greeted(int port) throws IOException {
    var wire = new SmtpWire(port);
    wire.reply();
    wire.ask("EHLO test");
    return wire;
  }

  private void use(Socket other) throws IOException {
    socket = other;
    in =
        new BufferedReader(
            new InputStreamReader(other.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** The last line of a reply, without the lines that continue; null when the server has closed. */
  String reply() throws IOException {
    String line;
    do {
      line = in.readLine();
    } while (line != null && line.length() > 3 && line.charAt(3) == '-');
    return line;
  }

  List<String> replyLines() throws IOException {
    var lines = new ArrayList<String>();
    String line;
    do {
      line = in.readLine();
      lines.add(line);
    } while (line != null && line.length() > 3 && line.charAt(3) == '-');
    return lines;
  }

  String ask(String command) throws IOException {
    write(command + "\r\n");
    return reply();
  }

  /** Sends one message command by command and returns the last reply. */
  String send(String to, String message) throws IOException {
    for (var command : List.of("MAIL FROM:<sender@example.test>", "RCPT TO:<" + to + ">", "DATA")) {
      var reply = ask(command);
      if (reply == null || reply.charAt(0) > '3') {
        return reply;
      }
    }
    write(message + "\r\n.\r\n");
    return reply();
  }

  void startTls(SSLContext context) throws IOException {
    var secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    secured.startHandshake();
    use(secured);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
