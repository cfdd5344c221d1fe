package io.fanfare.dispatch.engagement;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.LinkRepository.Links;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The public addresses that messages lead to: the pixel, the links, and the page to unsubscribe.
 * Nobody logs in here; a token proves what it says. Whatever is not a token of ours is not found,
 * and the answer tells nothing more.
 */
@RestController
@Hidden
class LinkController {

  /** A transparent GIF of one pixel. */
  private static final byte[] PIXEL =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private final LinkTokens tokens;
  private final LinkTable links;
  private final EngagementRecorder recorder;

  LinkController(LinkTokens tokens, LinkTable links, EngagementRecorder recorder) {
    this.tokens = tokens;
    this.links = links;
    this.recorder = recorder;
  }

  /** A token of ours and the content it belongs to. */
  private record Followed(LinkToken token, Links links) {}

  private Optional<Followed> follow(String text, LinkToken.Use use) {
    return tokens
        .verify(text)
        .filter(token -> token.use() == use)
        .flatMap(token -> links.find(token).map(found -> new Followed(token, found)));
  }

  /** The pixel. Without an acknowledged event there is none, so that the program may ask again. */
  @GetMapping("/t/o/{token}")
  ResponseEntity<byte[]> open(@PathVariable("token") String text, HttpServletRequest request) {
    Optional<Followed> followed = follow(text, LinkToken.Use.OPEN);
    if (followed.isEmpty()) {
      return ResponseEntity.notFound().cacheControl(CacheControl.noStore()).build();
    }
    LinkToken token = followed.get().token();
    if (!recorder.record(Kind.OPENED, token, followed.get().links().tenantId(), null, request)) {
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
          .cacheControl(CacheControl.noStore())
          .header("Retry-After", "5")
          .build();
    }
    return ResponseEntity.ok()
        .contentType(MediaType.IMAGE_GIF)
        .cacheControl(CacheControl.noStore())
        .header("Cross-Origin-Resource-Policy", "cross-origin")
        .body(PIXEL);
  }

  /**
   * A link: leads on to where the content's author pointed it, nowhere else. A reader is led on
   * even when the broker is away, which is counted.
   */
  @GetMapping("/t/c/{token}")
  ResponseEntity<String> click(@PathVariable("token") String text, HttpServletRequest request) {
    Optional<Followed> followed = follow(text, LinkToken.Use.CLICK);
    Optional<String> target = followed.flatMap(found -> found.links().target(found.token().link()));
    if (target.isEmpty()) {
      return page(
          HttpStatus.NOT_FOUND,
          "This link does not lead anywhere",
          "It is not complete, or wrong.");
    }
    recorder.record(
        Kind.CLICKED,
        followed.get().token(),
        followed.get().links().tenantId(),
        target.get(),
        request);
    return ResponseEntity.status(HttpStatus.FOUND)
        .location(URI.create(target.get()))
        .cacheControl(CacheControl.noStore())
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  /** Asks whether it is meant: programs that look at links must not unsubscribe anybody. */
  @GetMapping("/t/u/{token}")
  ResponseEntity<String> askToUnsubscribe(@PathVariable("token") String text) {
    if (follow(text, LinkToken.Use.UNSUBSCRIBE).isEmpty()) {
      return unknown();
    }
    return page(
        HttpStatus.OK,
        "Unsubscribe?",
        "<form method=\"post\"><button>Yes, send me no more messages</button></form>");
  }

  /** By the form, or by a mail program's button (RFC 8058). */
  @PostMapping("/t/u/{token}")
  ResponseEntity<String> unsubscribe(
      @PathVariable("token") String text, HttpServletRequest request) {
    Optional<Followed> followed = follow(text, LinkToken.Use.UNSUBSCRIBE);
    if (followed.isEmpty()) {
      return unknown();
    }
    // The same however often the button is pressed.
    UUID eventId = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.US_ASCII));
    boolean recorded =
        recorder.record(
            Kind.UNSUBSCRIBED,
            followed.get().token(),
            followed.get().links().tenantId(),
            null,
            eventId,
            request);
    return recorded
        ? page(HttpStatus.OK, "Unsubscribed", "You will get no more messages.")
        : page(
            HttpStatus.SERVICE_UNAVAILABLE,
            "That did not work",
            "Nothing was changed. Please try again in a minute.");
  }

  private static ResponseEntity<String> unknown() {
    return page(
        HttpStatus.NOT_FOUND, "This link is not valid", "It is not complete, or too old by now.");
  }

  /** Where links lead could not be read. */
  @ExceptionHandler(DataAccessException.class)
  ResponseEntity<String> unavailable() {
    return page(
        HttpStatus.SERVICE_UNAVAILABLE, "That did not work", "Please try again in a minute.");
  }

  /** A page without anything from elsewhere; it needs no script. */
  private static ResponseEntity<String> page(HttpStatus status, String title, String html) {
    return ResponseEntity.status(status)
        .contentType(HTML)
        .cacheControl(CacheControl.noStore())
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .body(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>%1$s</title>
            <style>
              body { font: 18px/1.5 system-ui, sans-serif; max-width: 32em; margin: 15vh auto; padding: 0 1em; }
              button { font: inherit; padding: .6em 1.2em; }
            </style></head>
            <body><h1>%1$s</h1><div>%2$s</div></body></html>
            """
                .formatted(title, html));
  }
}
