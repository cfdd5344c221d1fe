package io.fanfare.broadcast.frontdoor;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * Passes requests for what belongs to other services on to them, with the identity of the one who
 * asks, and their answers back, both as streams. Which role is needed is theirs to say; they also
 * describe these endpoints.
 */
@Hidden
@RestController
@RequireRole(Role.VIEWER)
class FrontDoorController {

  private static final Logger log = LoggerFactory.getLogger(FrontDoorController.class);
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final Duration FILE_TIMEOUT = Duration.ofHours(4);

  // Hop-by-hop (RFC 9110 §7.6.1), set anew for the next hop, or none of the backend's business.
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "cookie",
          "date",
          "expect",
          "forwarded",
          "host",
          "http2-settings",
          "idempotency-key",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "server",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via");

  private final BackendClient client;

  FrontDoorController(BackendClient client) {
    this.client = client;
  }

  @RequestMapping({
    ForwardedPaths.CONTACTS,
    ForwardedPaths.CONTACTS + "/**",
    ForwardedPaths.CATEGORIES,
    ForwardedPaths.CATEGORIES + "/**",
    ForwardedPaths.LISTS,
    ForwardedPaths.LISTS + "/**",
    ForwardedPaths.SEGMENTS,
    ForwardedPaths.SEGMENTS + "/**",
    ForwardedPaths.FREQUENCY_CAP,
    ForwardedPaths.QUIET_HOURS,
    ForwardedPaths.SUPPRESSIONS,
    ForwardedPaths.SUPPRESSIONS + "/**",
    ForwardedPaths.AUDIENCE,
    ForwardedPaths.AUDIENCE + "/**",
    // No "/**": it would match the bare path as well, and then go before the method for files.
    ForwardedPaths.CONTACT_IMPORTS,
    ForwardedPaths.CONTACT_IMPORTS + "/*",
    ForwardedPaths.CONTACT_IMPORTS + "/*/*",
    ForwardedPaths.CONTACT_EXPORTS,
    ForwardedPaths.SKIPPED
  })
  void audience(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().audienceUrl(), identity, request, response);
  }

  /** A file takes as long as it takes; who may send one is known before its first byte is read. */
  @PostMapping(ForwardedPaths.CONTACT_IMPORTS)
  @RequireRole(Role.EDITOR)
  void file(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().audienceUrl(), identity, request, response, FILE_TIMEOUT);
  }

  @RequestMapping({
    ForwardedPaths.DEAD_LETTERS,
    ForwardedPaths.DEAD_LETTERS + "/**",
    ForwardedPaths.RETRIES,
    ForwardedPaths.IN_DOUBT,
    ForwardedPaths.RETRY
  })
  void retry(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().retryUrl(), identity, request, response);
  }

  @RequestMapping({ForwardedPaths.UNDECODABLE_EVENTS, ForwardedPaths.UNDECODABLE_EVENTS + "/**"})
  @RequireRole(Role.OPERATOR)
  void undecodable(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().retryUrl(), identity, request, response);
  }

  @RequestMapping({
    ForwardedPaths.STATS,
    ForwardedPaths.AB_TEST,
    ForwardedPaths.AB_TEST + "/**",
    ForwardedPaths.AB_TESTS + "/**",
    ForwardedPaths.TIME_SERIES,
    ForwardedPaths.LINKS,
    ForwardedPaths.BROADCAST_SEGMENTS,
    ForwardedPaths.ANALYTICS + "/**"
  })
  void analytics(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().analyticsUrl(), identity, request, response);
  }

  @RequestMapping({ForwardedPaths.ENGAGEMENT, ForwardedPaths.BOUNCES})
  void dispatch(Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().dispatchUrl(), identity, request, response);
  }

  /** The pixel, links and pages that messages lead to: whoever has the link may follow it. */
  @RequestMapping(
      path = ForwardedPaths.PUBLIC_LINKS,
      method = {RequestMethod.GET, RequestMethod.HEAD, RequestMethod.POST})
  void publicLinks(HttpServletRequest request, HttpServletResponse response) throws IOException {
    forward(client.backends().dispatchUrl(), null, request, response);
  }

  @RequestMapping(ForwardedPaths.ANALYTICS_OPERATIONS + "/**")
  @RequireRole(Role.OPERATOR)
  void analyticsOperations(
      Identity identity, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(client.backends().analyticsUrl(), identity, request, response);
  }

  private void forward(
      URI backend,
      @Nullable Identity identity,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    forward(backend, identity, request, response, client.backends().answerTimeout());
  }

  private void forward(
      URI backend,
      @Nullable Identity identity,
      HttpServletRequest request,
      HttpServletResponse response,
      Duration timeout)
      throws IOException {
    String path = request.getRequestURI();
    if (!ForwardedPaths.isSafe(path)) {
      throw ProblemException.badRequest("malformed_path", "the path is not in its plain form");
    }
    String query = request.getQueryString();
    String target = query == null ? path : path + "?" + query;
    HttpRequest.Builder builder =
        identity == null
            ? client.request(backend, target)
            : client.request(backend, target, identity);
    for (String name : Collections.list(request.getHeaderNames())) {
      if (isPassedOn(name)) {
        Collections.list(request.getHeaders(name)).forEach(value -> builder.header(name, value));
      }
    }
    try (LentStream sent = new LentStream(request.getInputStream())) {
      builder.timeout(timeout).method(request.getMethod(), body(request, sent));
      ForwardedRequest.mark(request);
      HttpResponse<InputStream> answer =
          client.exchange(builder.build(), () -> ForwardedRequest.unmark(request));
      try (InputStream received = answer.body()) {
        response.setStatus(answer.statusCode());
        passOn(answer.headers(), response);
        copy(received, request, response);
      }
    }
  }

  private static BodyPublisher body(HttpServletRequest request, InputStream stream) {
    long length = request.getContentLengthLong();
    if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
      return BodyPublishers.noBody();
    }
    BodyPublisher streamed = BodyPublishers.ofInputStream(() -> stream);
    return length < 0 ? streamed : BodyPublishers.fromPublisher(streamed, length);
  }

  private static void passOn(HttpHeaders headers, HttpServletResponse response) {
    headers.firstValueAsLong("content-length").ifPresent(response::setContentLengthLong);
    headers
        .map()
        .forEach((name, values) -> {
          // What the front door has said already, such as its limits, it says once.
          if (isPassedOn(name) && !response.containsHeader(name)) {
            values.forEach(value -> response.addHeader(name, value));
          }
        });
  }

  private static void copy(
      InputStream body, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean live = String.valueOf(response.getContentType()).startsWith("text/event-stream");
    byte[] buffer = new byte[BUFFER_BYTES];
    while (true) {
      int read;
      try {
        read = body.read(buffer);
      } catch (IOException e) {
        log.warn("{} broke off: {}", request.getRequestURI(), e.getMessage());
        BrokenAnswer.mark(request);
        return;
      }
      if (read < 0) {
        return;
      }
      response.getOutputStream().write(buffer, 0, read);
      if (live) {
        response.flushBuffer();
      }
    }
  }

  private static boolean isPassedOn(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return !NOT_PASSED_ON.contains(name)
        && !name.startsWith("x-forwarded-")
        && !name.startsWith(":");
  }
}
