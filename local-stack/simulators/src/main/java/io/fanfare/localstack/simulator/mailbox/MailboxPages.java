package io.fanfare.localstack.simulator.mailbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** The files of the mailbox page. */
final class MailboxPages {

  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  Response answer(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new BadRequest(405, "method_not_allowed", "Only GET here");
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/" -> file("mailbox.html", "text/html; charset=utf-8");
      case "/mailbox.js" -> file("mailbox.js", "text/javascript; charset=utf-8");
      case "/mailbox.css" -> file("mailbox.css", "text/css; charset=utf-8");
      case "/mailbox.svg" -> file("mailbox.svg", "image/svg+xml");
      default -> throw new BadRequest(404, "not_found", "No such page");
    };
  }

  private static Response file(String name, String type) throws IOException {
    try (var in = MailboxPages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("Missing in the jar: " + name);
      }
      return new Response(200, type, PAGE_POLICY, in.readAllBytes());
    }
  }
}
