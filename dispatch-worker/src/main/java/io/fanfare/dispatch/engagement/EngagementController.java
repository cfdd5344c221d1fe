package io.fanfare.dispatch.engagement;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.link.LinkRepository.StoredLinks;
import io.fanfare.dispatch.engagement.page.PublicPage;
import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.dispatch.engagement.token.EngagementToken;
import io.fanfare.dispatch.engagement.token.EngagementTokens;
import io.fanfare.support.Ids;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What recipients reach: the pixel, the links, the page to unsubscribe. Needs no key, only a token
 * that was signed here; every other text gets one and the same answer. An event is with the broker
 * before the answer; a reader is not held up by a broker that does not confirm, an unsubscription
 * is.
 */
@RestController
@Hidden
class EngagementController {

  private static final byte[] PIXEL =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");
  private static final String UNSUBSCRIBE = "Unsubscribe";
  private static final String RETRY_SECONDS = "2";
  private static final String FORBIDDEN_IN_URL = "\"<>\\^`{|}";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final EngagementTokens tokens;
  private final LinkCache links;
  private final EngagementPublisher publisher;
  private final EngagementSettings settings;
  private final SignedPreferenceLinks preferences;
  private final Clock clock;
  private final Counter lost;

  EngagementController(
      EngagementTokens tokens,
      LinkCache links,
      EngagementPublisher publisher,
      EngagementSettings settings,
      SignedPreferenceLinks preferences,
      Clock clock,
      MeterRegistry registry) {
    this.tokens = tokens;
    this.links = links;
    this.publisher = publisher;
    this.settings = settings;
    this.preferences = preferences;
    this.clock = clock;
    this.lost =
        Counter.builder("fanfare.engagement.lost")
            .description("opens and clicks answered although the broker never got them")
            .register(registry);
  }

  /** Mapped for HEAD too, as every GET is. */
  @GetMapping("/t/o/{token}")
  ResponseEntity<byte[]> open(@PathVariable String token, HttpServletRequest request) {
    Optional<EngagementToken> said = verified(token, null, EngagementToken.Kind.OPEN);
    if (said.isEmpty()) {
      return unknown();
    }
    try {
      Optional<StoredLinks> content = contentOf(said.get());
      if (content.isEmpty()) {
        return unknown();
      }
      publish(event(Kind.OPENED, said.get(), content.get(), null, request));
    } catch (EngagementPublisher.NotConfirmed e) {
      e.whenLost(lost::increment);
    } catch (DataAccessException e) {
      lost.increment();
    }
    return ok().contentType(MediaType.IMAGE_GIF).body(PIXEL);
  }

  @GetMapping("/t/c/{token}")
  ResponseEntity<byte[]> click(
      @PathVariable String token,
      @RequestParam(name = "u", required = false) @Nullable String rendered,
      HttpServletRequest request) {
    Optional<EngagementToken> said =
        verified(
            token,
            rendered,
            rendered == null ? EngagementToken.Kind.CLICK : EngagementToken.Kind.CLICK_TO);
    if (said.isEmpty()) {
      return unknown();
    }
    String target = rendered;
    try {
      Optional<StoredLinks> content = contentOf(said.get());
      String stored = content.map(links -> links.targets().get(said.get().link())).orElse(null);
      if (stored == null) {
        return unknown();
      }
      target = rendered == null ? stored : rendered;
      publish(event(Kind.CLICKED, said.get(), content.orElseThrow(), stored, request));
    } catch (EngagementPublisher.NotConfirmed e) {
      e.whenLost(lost::increment);
    } catch (DataAccessException e) {
      if (target != null) {
        lost.increment();
      }
    }
    if (target == null) {
      return unavailable();
    }
    return ResponseEntity.status(HttpStatus.FOUND)
        .headers(PublicPage::neverKept)
        .header(HttpHeaders.LOCATION, ascii(target))
        .build();
  }

  /** Changes nothing: programs follow links too. */
  @GetMapping("/t/u/{token}")
  ResponseEntity<byte[]> askToUnsubscribe(@PathVariable String token) {
    if (verified(token, null, EngagementToken.Kind.UNSUBSCRIBE).isEmpty()) {
      return unknown();
    }
    return PublicPage.of(
        HttpStatus.OK,
        UNSUBSCRIBE,
        "<h1>Unsubscribe?</h1><p>Do you want no more of these messages?</p>"
            + "<form method=\"post\"><button>Unsubscribe</button></form>");
  }

  /** The page's button, and the one click of a mail program (RFC 8058). */
  @PostMapping("/t/u/{token}")
  ResponseEntity<byte[]> unsubscribe(@PathVariable String token, HttpServletRequest request) {
    Optional<EngagementToken> said = verified(token, null, EngagementToken.Kind.UNSUBSCRIBE);
    if (said.isEmpty()) {
      return unknown();
    }
    try {
      Optional<StoredLinks> content = contentOf(said.get());
      if (content.isEmpty()) {
        return unknown();
      }
      EngagementEvent event = event(Kind.UNSUBSCRIBED, said.get(), content.get(), null, request);
      publish(event);
      return unsubscribed(content.get().tenantId(), said.get().contactId());
    } catch (EngagementPublisher.NotConfirmed | DataAccessException e) {
      return unavailable();
    }
  }

  private ResponseEntity<byte[]> unsubscribed(UUID tenantId, long contactId) {
    return PublicPage.of(
        HttpStatus.OK,
        UNSUBSCRIBE,
        "<h1>Done</h1><p>You are unsubscribed.</p><p><a href=\""
            + preferences.fromOurPage(tenantId, contactId)
            + "\">Choose what else we send you</a></p>");
  }

  private Optional<EngagementToken> verified(
      String token, @Nullable String target, EngagementToken.Kind kind) {
    return tokens.verify(token, target).filter(said -> said.kind() == kind);
  }

  private Optional<StoredLinks> contentOf(EngagementToken said) {
    return links.find(said.broadcastId(), said.variant(), said.channel());
  }

  private EngagementEvent event(
      Kind kind,
      EngagementToken said,
      StoredLinks content,
      @Nullable String target,
      HttpServletRequest request) {
    Instant now = clock.instant();
    return new EngagementEvent(
        Ids.next(),
        kind,
        content.tenantId(),
        said.broadcastId(),
        said.contactId(),
        said.channel(),
        said.variant(),
        target == null ? null : said.link(),
        target,
        kind == Kind.UNSUBSCRIBED ? content.category() : null,
        null,
        now,
        said.sentAt(),
        said.utcOffset(),
        // Somebody's mail program unsubscribes on his behalf: that is his doing.
        kind == Kind.UNSUBSCRIBED
            ? null
            : EngagementVerdict.of(
                kind,
                "HEAD".equals(request.getMethod()),
                request.getHeader(HttpHeaders.USER_AGENT),
                said.sentAt(),
                now,
                settings.beforeDelivery()),
        said.segment());
  }

  /** Waits for the broker on a virtual thread. */
  private void publish(EngagementEvent event) {
    try {
      publisher.publish(List.of(event)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngagementPublisher.NotConfirmed notConfirmed) {
        throw notConfirmed;
      }
      throw e;
    }
  }

  private static ResponseEntity.BodyBuilder ok() {
    return ResponseEntity.ok().headers(PublicPage::neverKept);
  }

  private static ResponseEntity<byte[]> unknown() {
    return ResponseEntity.notFound().headers(PublicPage::neverKept).build();
  }

  private static ResponseEntity<byte[]> unavailable() {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .headers(PublicPage::neverKept)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .build();
  }

  /** A URL as a header can hold it. */
  private static String ascii(String url) {
    StringBuilder plain = new StringBuilder(url.length());
    url.codePoints()
        .forEach(c -> {
          if (c > ' ' && c < 127 && FORBIDDEN_IN_URL.indexOf(c) < 0) {
            plain.append((char) c);
          } else {
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
              plain.append('%').append(HEX.toHexDigits(b));
            }
          }
        });
    return plain.toString();
  }
}
