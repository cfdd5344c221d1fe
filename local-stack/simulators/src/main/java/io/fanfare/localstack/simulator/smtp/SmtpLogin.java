package io.fanfare.localstack.simulator.smtp;

import io.fanfare.localstack.simulator.wire.WireInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The dialogue of AUTH PLAIN (RFC 4616) and AUTH LOGIN; passwords are compared, never kept. */
record SmtpLogin(WireInput in, OutputStream out, int lineMost) {

  sealed interface Exchange {}

  record Presented(String username, String password) implements Exchange {}

  record Malformed(String reply) implements Exchange {}

  private static final Malformed CANCELLED = new Malformed("501 5.7.0 Authentication cancelled");
  private static final Malformed NOT_BASE64 = new Malformed("501 5.5.2 Cannot decode");

  /**
   * @param argument of AUTH: the mechanism and perhaps an initial response
   */
  Exchange read(String argument) throws IOException {
    var parts = argument.split("\\s+", 2);
    var initial = parts.length > 1 ? parts[1] : null;
    return switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "PLAIN" -> plain(initial);
      case "LOGIN" -> login(initial);
      default -> new Malformed("504 5.5.4 Mechanism not offered");
    };
  }

  private Exchange plain(@Nullable String initial) throws IOException {
    var response = initial != null ? initial : ask("");
    if (response == null || response.equals("*")) {
      return CANCELLED;
    }
    var decoded = decode(response);
    var fields = decoded == null ? new String[0] : decoded.split("\0", -1);
    return fields.length == 3 ? new Presented(fields[1], fields[2]) : NOT_BASE64;
  }

  private Exchange login(@Nullable String initial) throws IOException {
    var user = initial != null ? initial : ask("VXNlcm5hbWU6");
    if (user == null || user.equals("*")) {
      return CANCELLED;
    }
    var secret = ask("UGFzc3dvcmQ6");
    if (secret == null || secret.equals("*")) {
      return CANCELLED;
    }
    var username = decode(user);
    var password = decode(secret);
    return username == null || password == null ? NOT_BASE64 : new Presented(username, password);
  }

  private @Nullable String ask(String challenge) throws IOException {
    out.write(("334 " + challenge + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return in.line(lineMost);
  }

  private static @Nullable String decode(String base64) {
    try {
      var text = base64.equals("=") ? "" : base64;
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
