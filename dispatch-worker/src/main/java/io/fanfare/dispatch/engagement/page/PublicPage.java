package io.fanfare.dispatch.engagement.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A page for a recipient: plain HTML without scripts, that nobody keeps, shows in a frame or learns
 * of by a referrer.
 */
public final class PublicPage {

  private static final String STYLE =
      "body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:10vh auto;padding:0 1em}"
          + "button{font:inherit;padding:.6em 1.2em}"
          + "fieldset{border:1px solid #999;border-radius:.4em;margin:0 0 1em}"
          + "label{margin-right:1.5em}p.note{color:#555;margin:.2em 0}";

  // The one style of these pages and nothing else (CSP Level 2, hash-source).
  private static final String POLICY =
      "default-src 'none'; style-src '%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
          .formatted(hash(STYLE));

  private static final String RETRY_SECONDS = "5";
  private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);

  private PublicPage() {}

  /**
   * A page.
   *
   * @param title plain text of ours
   * @param body HTML; what others wrote in it is escaped
   */
  public static ResponseEntity<byte[]> of(HttpStatus status, String title, String body) {
    String html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width\">"
            + "<title>"
            + title
            + "</title><style>"
            + STYLE
            + "</style><body>"
            + body
            + "</body></html>";
    return ResponseEntity.status(status)
        .headers(PublicPage::neverKept)
        .contentType(HTML)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .body(html.getBytes(StandardCharsets.UTF_8));
  }

  /** A link was good once. */
  public static ResponseEntity<byte[]> tooOld(String title) {
    return of(
        HttpStatus.GONE,
        title,
        "<h1>This link is too old</h1><p>Please use the one in a newer message.</p>");
  }

  /** A link was not made here. */
  public static ResponseEntity<byte[]> unknown(String title) {
    return of(
        HttpStatus.NOT_FOUND,
        title,
        "<h1>This link leads nowhere</h1><p>Please copy all of it from the message.</p>");
  }

  /** What is needed does not answer, and nothing was done. */
  public static ResponseEntity<byte[]> notNow(String title) {
    ResponseEntity<byte[]> page =
        of(
            HttpStatus.SERVICE_UNAVAILABLE,
            title,
            "<h1>Not now</h1><p>Nothing was changed. Please try again in a moment.</p>");
    return ResponseEntity.status(page.getStatusCode())
        .headers(page.getHeaders())
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .body(page.getBody());
  }

  /** What every answer to a recipient says of itself. */
  public static void neverKept(HttpHeaders headers) {
    headers.setCacheControl("no-store");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Robots-Tag", "noindex");
  }

  private static String hash(String style) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
