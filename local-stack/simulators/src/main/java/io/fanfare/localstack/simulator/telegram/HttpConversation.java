package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.wire.WireInput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one kept connection, as much as Bot API clients use. Our own because the JDK's server
 * cannot drop an answer, and costs several times as much for each message.
 */
final class HttpConversation {

  private static final int LINE_MOST = 8_192;
  private static final int HEADERS_MOST = 100;
  private static final int BODY_MOST = 50 << 20;

  private final Socket socket;
  private final BotMethods methods;
  private final WireInput in;
  private final OutputStream out;

  HttpConversation(Socket socket, BotMethods methods) throws IOException {
    this.socket = socket;
    this.methods = methods;
    this.in = new WireInput(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 8 << 10);
  }

  /** Names in lower case. */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  void run() throws IOException {
    boolean keep = true;
    while (keep) {
      var request = read();
      if (request == null) {
        return;
      }
      var answer = methods.answer(request);
      stall(answer.stallMillis());
      if (answer.isDropped()) {
        break;
      }
      keep = !request.header("connection").equalsIgnoreCase("close");
      write(answer, keep);
      out.flush();
    }
    in.lingerUntilClosed(socket);
  }

  private @Nullable Request read() throws IOException {
    var start = in.line(LINE_MOST);
    if (start == null) {
      return null;
    }
    var parts = start.split(" ");
    if (parts.length != 3) {
      throw new IOException("Not HTTP: " + start);
    }
    var headers = headers();
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return new Request(parts[0], parts[1], headers, body(headers));
  }

  private Map<String, String> headers() throws IOException {
    var headers = new HashMap<String, String>();
    for (var line = in.line(LINE_MOST);
        line != null && !line.isEmpty();
        line = in.line(LINE_MOST)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MOST) {
        throw new IOException("Bad header");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    return in.octets(size(headers.getOrDefault("content-length", "0"), 10));
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var line = in.line(LINE_MOST);
      int size = size(line == null ? "" : line.replaceFirst(";.*", "").trim(), 16);
      if (size == 0) {
        headers();
        return body.toByteArray();
      }
      if (body.size() + size > BODY_MOST) {
        throw new IOException("Body too large");
      }
      body.write(in.octets(size));
      in.line(LINE_MOST);
    }
  }

  private static int size(String number, int radix) throws IOException {
    try {
      int size = Integer.parseInt(number, radix);
      if (size < 0 || size > BODY_MOST) {
        throw new IOException("Body of " + size);
      }
      return size;
    } catch (NumberFormatException e) {
      throw new IOException("Not a length: " + number, e);
    }
  }

  private void write(BotAnswer answer, boolean keep) throws IOException {
    var head =
        new StringBuilder(160)
            .append("HTTP/1.1 ")
            .append(answer.status())
            .append(' ')
            .append(answer.reason())
            .append("\r\nContent-Type: application/json\r\nContent-Length: ")
            .append(answer.body().length)
            .append(keep ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n");
    if (answer.retryAfterSeconds() > 0) {
      head.append("Retry-After: ").append(answer.retryAfterSeconds()).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    out.write(answer.body());
  }

  private static void stall(int millis) throws IOException {
    if (millis > 0) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while stalling", e);
      }
    }
  }
}
