package io.fanfare.broadcast.media;

import io.fanfare.contract.content.Media;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which types of files may go with messages, told by how a file begins and not by what somebody
 * says of it. Nothing a browser would run is among them.
 */
public final class MediaTypePolicy {

  /** Bytes of a file that tell its type, and of most images how large they are. */
  static final int HEAD = 65_536;

  private static final String ZIP = "application/zip";
  private static final String TEXT = "text/plain";
  private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

  /** What a file of each type looks like: the type itself, or the one it is a form of. */
  private static final Map<String, String> FORMS =
      Map.ofEntries(
          Map.entry("image/jpeg", "image/jpeg"),
          Map.entry("image/png", "image/png"),
          Map.entry("image/gif", "image/gif"),
          Map.entry("image/webp", "image/webp"),
          Map.entry("video/mp4", "video/mp4"),
          Map.entry("application/pdf", "application/pdf"),
          Map.entry(ZIP, ZIP),
          Map.entry(OFFICE + "wordprocessingml.document", ZIP),
          Map.entry(OFFICE + "spreadsheetml.sheet", ZIP),
          Map.entry(OFFICE + "presentationml.presentation", ZIP),
          Map.entry(TEXT, TEXT),
          Map.entry("text/csv", TEXT),
          Map.entry("text/calendar", TEXT));

  // https://core.telegram.org/bots/api#sendphoto; a GIF would come without moving.
  private static final Set<String> PHOTOS = Set.of("image/jpeg", "image/png", "image/webp");
  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
  private static final Set<String> UNTOLD =
      Set.of("", "application/octet-stream", "binary/octet-stream");

  private MediaTypePolicy() {}

  /**
   * What came of comparing a type with a file.
   *
   * @param type the type; null when the file is refused
   * @param refusal why; null when it is not
   */
  record Verdict(@Nullable String type, @Nullable String refusal) {}

  /** All types, sorted. */
  static Set<String> all() {
    return new TreeSet<>(FORMS.keySet());
  }

  /**
   * The type of a file.
   *
   * @param declared what its sender says, with parameters or without; empty when nothing is said
   * @param head its first {@link #HEAD} bytes
   */
  static Verdict judge(String declared, byte[] head) {
    String said = declared.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT);
    Optional<String> found = formOf(head);
    if (UNTOLD.contains(said)) {
      return found
          .map(type -> new Verdict(type, null))
          .orElseGet(() -> refused("its type is unknown"));
    }
    String form = FORMS.get(said);
    if (form == null) {
      return refused("files of type " + said + " cannot be sent");
    }
    return found.filter(form::equals).isPresent()
        ? new Verdict(said, null)
        : refused("it is said to be " + said + " and is not");
  }

  /** Why a file of the type cannot go with a message in that way; null when it can. */
  static @Nullable String refusal(Media.Kind kind, String type) {
    Set<String> allowed =
        switch (kind) {
          case PHOTO -> PHOTOS;
          case VIDEO -> Set.of("video/mp4");
          case INLINE -> IMAGES;
          case DOCUMENT, ATTACHMENT -> FORMS.keySet();
        };
    return allowed.contains(type)
        ? null
        : "it is " + type + "; allowed here: " + String.join(", ", new TreeSet<>(allowed));
  }

  private static Verdict refused(String why) {
    return new Verdict(null, why);
  }

  private static Optional<String> formOf(byte[] head) {
    if (begins(head, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of("image/jpeg");
    }
    if (begins(head, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of("image/png");
    }
    if (begins(head, 0, "GIF87a") || begins(head, 0, "GIF89a")) {
      return Optional.of("image/gif");
    }
    if (begins(head, 0, "RIFF") && begins(head, 8, "WEBP")) {
      return Optional.of("image/webp");
    }
    if (begins(head, 4, "ftyp")) {
      return Optional.of("video/mp4");
    }
    if (begins(head, 0, "%PDF-")) {
      return Optional.of("application/pdf");
    }
    if (begins(head, 0, "PK\u0003\u0004")) {
      return Optional.of(ZIP);
    }
    return isText(head) ? Optional.of(TEXT) : Optional.empty();
  }

  private static boolean begins(byte[] head, int at, String latin1) {
    byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= at + wanted.length
        && Arrays.equals(head, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** UTF-8 without control characters; the last character may be cut off where the head ends. */
  private static boolean isText(byte[] head) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(head.length);
    CoderResult end = decoder.decode(ByteBuffer.wrap(head), text, head.length < HEAD);
    text.flip();
    return !end.isError()
        && text.chars().noneMatch(c -> c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f');
  }
}
